// Package main answers what a parcel costs.
package main

import "fmt"

type Model struct {
	Name  string
	Grams int
}

func (m Model) Cents() int { return 390 + m.Grams/100*12 }

func main() {
	fmt.Println(Model{Name: "small/parcel", Grams: 750}.Cents())
}
