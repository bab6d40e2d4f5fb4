// Answers questions about Go's own libraries: one JSON object a line in, one out, in order. The comparison in the folder
// above starts it; the tests of the repository read recorded answers and need no Go.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
)

type question struct {
	Area    string            `json:"area"`
	Text    string            `json:"text"`
	Option  string            `json:"option"`
	Pattern string            `json:"pattern"`
	Data    json.RawMessage   `json:"data"`
	Patch   string            `json:"patch"`
	Labels  map[string]string `json:"labels"`
}

type answer struct {
	Value any    `json:"value"`
	Error string `json:"error,omitempty"`
}

var areas = map[string]func(question) (any, error){
	"data":          keepData,
	"template":      renderTemplate,
	"fast":          renderFast,
	"yaml":          readYaml,
	"selector":      matchSelector,
	"post-selector": matchPostSelector,
	"label-query":   matchQuery,
	"patch":         mergePatch,
	"path-match":    matchPath,
	"glob":          matchGlob,
	"files":         keepFiles,
	"pathspec":      listFiles,
}

func main() {
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(make([]byte, 1<<20), 1<<26)
	out := bufio.NewWriter(os.Stdout)
	encoder := json.NewEncoder(out)
	encoder.SetEscapeHTML(false)
	for lines.Scan() {
		var asked question
		if err := json.Unmarshal(lines.Bytes(), &asked); err != nil {
			panic(err)
		}
		if err := encoder.Encode(ask(asked)); err != nil {
			panic(err)
		}
		out.Flush()
	}
}

func ask(asked question) (given answer) {
	defer func() {
		if reason := recover(); reason != nil {
			given = answer{Error: fmt.Sprint("panic: ", reason)}
		}
	}()
	value, err := areas[asked.Area](asked)
	if err != nil {
		return answer{Error: err.Error()}
	}
	return answer{Value: value}
}
