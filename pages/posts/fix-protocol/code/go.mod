module fixquotes

go 1.19
