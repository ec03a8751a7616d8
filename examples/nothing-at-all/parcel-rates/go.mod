module example.com/parcel-rates

go 1.24

require github.com/google/wire v0.6.0
