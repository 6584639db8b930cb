// Package testca makes a certificate authority and a server's certificate that live as
// long as a test. It stands for your PKI, and must not leave tests and drills.
package testca

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"os"
	"path/filepath"
	"time"
)

// New is a pool with the authority, and a certificate for the name "quotes" by it.
func New() (*x509.CertPool, tls.Certificate, error) {
	authority, key, err := issue("authority", nil, nil)
	if err != nil {
		return nil, tls.Certificate{}, err
	}
	leaf, leafKey, err := issue("quotes", authority, key)
	if err != nil {
		return nil, tls.Certificate{}, err
	}
	pool := x509.NewCertPool()
	pool.AddCert(authority)
	return pool, tls.Certificate{Certificate: [][]byte{leaf.Raw}, PrivateKey: leafKey}, nil
}

func issue(name string, parent *x509.Certificate, by *ecdsa.PrivateKey) (*x509.Certificate, *ecdsa.PrivateKey, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, nil, err
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(time.Now().UnixNano()),
		Subject:      pkix.Name{CommonName: name},
		DNSNames:     []string{name},
		NotBefore:    time.Now().Add(-time.Minute),
		NotAfter:     time.Now().Add(time.Hour),
	}
	if parent == nil {
		parent, by = template, key
		template.IsCA, template.BasicConstraintsValid = true, true
		template.KeyUsage = x509.KeyUsageCertSign
	}
	raw, err := x509.CreateCertificate(rand.Reader, template, parent, &key.PublicKey, by)
	if err != nil {
		return nil, nil, err
	}
	certificate, err := x509.ParseCertificate(raw)
	return certificate, key, err
}

// Write leaves ca.pem, cert.pem and key.pem in a folder, for programs of a drill.
func Write(folder string) error {
	authority, key, err := issue("authority", nil, nil)
	if err != nil {
		return err
	}
	leaf, leafKey, err := issue("quotes", authority, key)
	if err != nil {
		return err
	}
	private, err := x509.MarshalPKCS8PrivateKey(leafKey)
	if err != nil {
		return err
	}
	for name, block := range map[string]*pem.Block{
		"ca.pem":   {Type: "CERTIFICATE", Bytes: authority.Raw},
		"cert.pem": {Type: "CERTIFICATE", Bytes: leaf.Raw},
		"key.pem":  {Type: "PRIVATE KEY", Bytes: private},
	} {
		if err := os.WriteFile(filepath.Join(folder, name), pem.EncodeToMemory(block), 0o600); err != nil {
			return err
		}
	}
	return nil
}
