// What verifiers in Go say of our proofs, checkpoints and tiles: main CASES FOLDER...
package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"log"
	"os"
	"strings"

	fnote "github.com/transparency-dev/formats/note"
	"github.com/transparency-dev/merkle/proof"
	"github.com/transparency-dev/merkle/rfc6962"
	"github.com/transparency-dev/tessera/api"
	"github.com/transparency-dev/tessera/client"
	"github.com/transparency-dev/tessera/fsck"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
	"k8s.io/klog/v2"
	"sigsum.org/sigsum-go/pkg/crypto"
	"sigsum.org/sigsum-go/pkg/merkle"
)

type inclusion struct {
	Index, Size int64
	Entry       []byte
	Proof       []string
	Root        string
}

type consistency struct {
	Old, New int64
	OldRoot  string `json:"old_root"`
	NewRoot  string `json:"new_root"`
	Proof    []string
}

type cases struct {
	Log         string
	Witness     string
	LogKey      string `json:"log_key"`
	Inclusion   []inclusion
	Consistency []consistency
	Notes       []struct{ Note string }
}

type verdicts map[string][]bool

func raw(text string) []byte {
	data, err := hex.DecodeString(text)
	if err != nil {
		log.Fatal(err)
	}
	return data
}

func hashes[T ~[32]byte](texts []string) []T {
	found := make([]T, len(texts))
	for at, text := range texts {
		copy(found[at][:], raw(text))
	}
	return found
}

func hash[T ~[32]byte](text string) T { return hashes[T]([]string{text})[0] }

func plain(texts []string) [][]byte {
	found := make([][]byte, len(texts))
	for at, text := range texts {
		found[at] = raw(text)
	}
	return found
}

// The toolchain's own checksum database.
func sumdb(c cases) verdicts {
	said := verdicts{}
	for _, it := range c.Inclusion {
		err := tlog.CheckRecord(hashes[tlog.Hash](it.Proof), it.Size, hash[tlog.Hash](it.Root), it.Index, tlog.RecordHash(it.Entry))
		said["inclusion"] = append(said["inclusion"], err == nil)
	}
	for _, it := range c.Consistency {
		err := tlog.CheckTree(hashes[tlog.Hash](it.Proof), it.New, hash[tlog.Hash](it.NewRoot), it.Old, hash[tlog.Hash](it.OldRoot))
		said["consistency"] = append(said["consistency"], err == nil)
	}
	verifier, err := note.NewVerifier(c.Log)
	if err != nil {
		log.Fatal(err)
	}
	for _, it := range c.Notes {
		opened, err := note.Open([]byte(it.Note), note.VerifierList(verifier))
		if err == nil {
			_, err = tlog.ParseTree([]byte("go.sum database tree\n" + strings.SplitN(opened.Text, "\n", 2)[1]))
		}
		said["notes"] = append(said["notes"], err == nil)
	}
	return said
}

// The libraries of transparency-dev, with a witness's cosignature beside the log's signature.
func dev(c cases) verdicts {
	said := verdicts{}
	for _, it := range c.Inclusion {
		leaf := rfc6962.DefaultHasher.HashLeaf(it.Entry)
		err := proof.VerifyInclusion(rfc6962.DefaultHasher, uint64(it.Index), uint64(it.Size), leaf, plain(it.Proof), raw(it.Root))
		said["inclusion"] = append(said["inclusion"], err == nil)
	}
	for _, it := range c.Consistency {
		err := proof.VerifyConsistency(rfc6962.DefaultHasher, uint64(it.Old), uint64(it.New), plain(it.Proof), raw(it.OldRoot), raw(it.NewRoot))
		said["consistency"] = append(said["consistency"], err == nil)
	}
	verifier, err := fnote.NewVerifier(c.Log)
	if err != nil {
		log.Fatal(err)
	}
	witness, err := fnote.NewVerifierForCosignatureV1(c.Witness)
	if err != nil {
		log.Fatal(err)
	}
	for _, it := range c.Notes {
		opened, err := note.Open([]byte(it.Note), note.VerifierList(verifier, witness))
		said["notes"] = append(said["notes"], err == nil && len(opened.Sigs) == 2)
	}
	return said
}

// Sigsum's tree; its checkpoints are of logs of its own kind alone.
func sigsum(c cases) verdicts {
	said := verdicts{}
	for _, it := range c.Inclusion {
		leaf, root := merkle.HashLeafNode(it.Entry), hash[crypto.Hash](it.Root)
		err := merkle.VerifyInclusion(&leaf, uint64(it.Index), uint64(it.Size), &root, hashes[crypto.Hash](it.Proof))
		said["inclusion"] = append(said["inclusion"], err == nil)
	}
	for _, it := range c.Consistency {
		old, now := hash[crypto.Hash](it.OldRoot), hash[crypto.Hash](it.NewRoot)
		err := merkle.VerifyConsistency(uint64(it.Old), uint64(it.New), &old, &now, hashes[crypto.Hash](it.Proof))
		said["consistency"] = append(said["consistency"], err == nil)
	}
	return said
}

// Tessera's fsck rebuilds the tree out of the entries and compares every tile. A worker that finds something ends, so there have to be more of them than files.
func tessera(c cases, folders []string) verdicts {
	said := verdicts{}
	verifier, err := note.NewVerifier(c.Log)
	if err != nil {
		log.Fatal(err)
	}
	hasher := func(data []byte) ([][]byte, error) {
		found := api.EntryBundle{}
		if err := found.UnmarshalText(data); err != nil {
			return nil, err
		}
		leaves := [][]byte{}
		for _, entry := range found.Entries {
			leaf := sha256.Sum256(append([]byte{0}, entry...))
			leaves = append(leaves, leaf[:])
		}
		return leaves, nil
	}
	for _, folder := range folders {
		check := fsck.New(verifier.Name(), verifier, client.FileFetcher{Root: folder}, hasher, fsck.Opts{N: 16})
		said["folders"] = append(said["folders"], check.Check(context.Background()) == nil)
	}
	return said
}

func main() {
	klog.SetOutput(io.Discard)
	klog.LogToStderr(false)
	data, err := os.ReadFile(os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	var asked cases
	if err := json.NewDecoder(bytes.NewReader(data)).Decode(&asked); err != nil {
		log.Fatal(err)
	}
	json.NewEncoder(os.Stdout).Encode(map[string]verdicts{
		"golang.org/x/mod/sumdb": sumdb(asked),
		"transparency-dev":       dev(asked),
		"sigsum":                 sigsum(asked),
		"tessera fsck":           tessera(asked, os.Args[2:]),
	})
}
