package main

import (
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"sort"
	"strings"
)

var repository string

// git ls-files over an index of the given files, as Argo CD lists the files of a git generator.
func listFiles(asked question) (any, error) {
	out, err := git("ls-files", "--full-name", "-z", "--", asked.Pattern)
	if err != nil {
		return nil, err
	}
	files := strings.FieldsFunc(out, func(char rune) bool { return char == 0 })
	sort.Strings(files)
	return append([]string{}, files...), nil
}

// The index that the questions after it are asked of.
func keepFiles(asked question) (any, error) {
	var files []string
	if err := json.Unmarshal(asked.Data, &files); err != nil {
		return nil, err
	}
	folder, err := os.MkdirTemp("", "oracle-files")
	if err != nil {
		return nil, err
	}
	repository = folder
	if _, err := git("init", "-q"); err != nil {
		return nil, err
	}
	blob := filepath.Join(folder, ".git", "empty")
	if err := os.WriteFile(blob, nil, 0o644); err != nil {
		return nil, err
	}
	hash, err := git("hash-object", "-w", blob)
	if err != nil {
		return nil, err
	}
	for _, file := range files {
		if _, err := git("update-index", "--add", "--replace", "--cacheinfo", "100644,"+strings.TrimSpace(hash)+","+file); err != nil {
			return nil, err
		}
	}
	return nil, nil
}

func git(args ...string) (string, error) {
	command := exec.Command("git", args...)
	command.Dir = repository
	out, err := command.Output()
	if err != nil {
		return "", errors.New(strings.Join(args, " ") + ": " + err.Error())
	}
	return string(out), nil
}
