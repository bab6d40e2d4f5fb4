// Writes what Go makes of every template: language.json of language.txt, with the standard library's functions only, and
// sprig.json of sprig.txt, with sprig's too. Run it in this folder with `go run .`; the tests themselves need no Go.
package main

import (
	"bufio"
	"encoding/json"
	"os"
	"strconv"
	"strings"
	"text/template"

	"github.com/Masterminds/sprig/v3"
)

const data = `{
  "name": "web", "empty": "", "uni": "zü😀", "html": "<a href='x'>&\"\n=\\</a>", "n": 3, "zero": 0, "big": 1000000,
  "ratio": 0.125, "neg": -2.5, "yes": true, "no": false, "nil": null, "list": ["a", 1, null, true], "none": [],
  "map": {"b": 1, "a": {"deep": "x"}, "c": null}, "nothing": {}, "nums": [3, 1.5]
}`

type golden struct {
	Template   string  `json:"template"`
	MissingKey string  `json:"missingKey"`
	Output     *string `json:"output"`
}

func main() {
	write("language", template.FuncMap{})
	write("sprig", sprig.GenericFuncMap())
}

func write(name string, functions template.FuncMap) {
	file, err := os.Open(name + ".txt")
	if err != nil {
		panic(err)
	}
	var goldens []golden
	for lines := bufio.NewScanner(file); lines.Scan(); {
		line := lines.Text()
		if line == "" || strings.HasPrefix(line, "# ") {
			continue
		}
		text, err := strconv.Unquote(`"` + strings.ReplaceAll(line, `"`, `\"`) + `"`)
		if err != nil {
			panic(line)
		}
		for _, option := range []string{"default", "zero", "error"} {
			goldens = append(goldens, golden{text, option, run(text, option, functions)})
		}
	}
	out, _ := json.MarshalIndent(goldens, "", "  ")
	os.WriteFile(name+".json", append(out, '\n'), 0o644)
}

func run(text, option string, functions template.FuncMap) *string {
	parsed, err := template.New("base").Funcs(functions).Option("missingkey=" + option).Parse(text)
	if err != nil {
		return nil
	}
	values := map[string]any{}
	if err := json.Unmarshal([]byte(data), &values); err != nil {
		panic(err)
	}
	values["labels"] = map[string]string{"env": "prod", "tier": ""}
	values["segments"] = []string{"a", "b"}
	var out strings.Builder
	if parsed.Execute(&out, values) != nil {
		return nil
	}
	result := out.String()
	return &result
}
