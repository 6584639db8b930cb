package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
)

// epochs is a folder that stands for Cassandra's table: one file for each epoch of a
// source, with the holder in it. Making a file that must not be there is the
// compare-and-set.
type epochs string

func (e epochs) Newest(_ context.Context, source string) (uint32, string, error) {
	files, err := os.ReadDir(filepath.Join(string(e), source))
	if errors.Is(err, fs.ErrNotExist) || err == nil && len(files) == 0 {
		return 0, "", nil
	}
	if err != nil {
		return 0, "", err
	}
	name := files[len(files)-1].Name() // ten digits each, so the last is the newest
	epoch, err := strconv.ParseUint(name, 10, 32)
	if err != nil {
		return 0, "", err
	}
	holder, err := os.ReadFile(filepath.Join(string(e), source, name))
	return uint32(epoch), string(holder), err
}

func (e epochs) Claim(_ context.Context, source string, epoch uint32, holder string) (bool, error) {
	folder := filepath.Join(string(e), source)
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return false, err
	}
	name := filepath.Join(folder, fmt.Sprintf("%010d", epoch))
	file, err := os.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	_, err = file.WriteString(holder)
	return true, errors.Join(err, file.Close())
}

// holder names this start of this machine, and no other.
func holder() string {
	host, _ := os.Hostname()
	return host + " " + rand.Text()
}
