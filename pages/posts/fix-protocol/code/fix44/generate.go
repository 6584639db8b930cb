package fix44

// region generate

//go:generate go run ../cmd/fixgen -out fix44.go -messages 0,1,2,3,4,5,A,V,W,X,Y,j

// endregion generate
