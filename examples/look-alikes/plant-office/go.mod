module github.com/plant-office/counter

go 1.23

require (
	github.com/mistralai/client-go v1.2.0
	github.com/google/uuid v1.6.0
	google.golang.org/genproto/googleapis/api v0.0.0-20250106144421-5f5ef82da422
	k8s.io/api v0.32.1
)
