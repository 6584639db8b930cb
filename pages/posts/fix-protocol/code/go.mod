module fixquotes

go 1.27
