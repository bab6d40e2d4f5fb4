// Writes what Go makes of every template: language.json of language.txt, with the standard library's functions only, and
// sprig.json of sprig.txt, with sprig's and Argo CD's too. Run it in this folder with `TZ=UTC go run .`; the tests
// themselves need no Go.
package main

import (
	"bufio"
	"encoding/json"
	"os"
	"regexp"
	"strconv"
	"strings"
	"text/template"

	"github.com/Masterminds/sprig/v3"
	"github.com/gosimple/slug"
	"sigs.k8s.io/yaml"
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
	write("sprig", argoFunctions())
}

// What Argo CD adds to sprig; names are normalised as its clusters' are.
func argoFunctions() template.FuncMap {
	functions := sprig.GenericFuncMap()
	for _, name := range []string{"env", "expandenv", "getHostByName"} {
		delete(functions, name)
	}
	functions["normalize"] = normalize
	functions["slugify"] = slugify
	functions["toYaml"] = func(value any) (string, error) {
		text, err := yaml.Marshal(value)
		return strings.TrimSuffix(string(text), "\n"), err
	}
	functions["fromYaml"] = func(text string) (map[string]any, error) {
		value := map[string]any{}
		return value, yaml.Unmarshal([]byte(text), &value)
	}
	functions["fromYamlArray"] = func(text string) ([]any, error) {
		value := []any{}
		return value, yaml.Unmarshal([]byte(text), &value)
	}
	return functions
}

func normalize(name string) string {
	lower := regexp.MustCompile("[^-a-z0-9.]").ReplaceAllString(strings.ToLower(name), "-")
	if len(lower) > 253 {
		lower = lower[:253]
	}
	return strings.Trim(lower, "-.")
}

func slugify(args ...any) string {
	slug.MaxLength, slug.EnableSmartTruncate = 50, true
	if len(args) == 0 {
		return slug.Make("")
	}
	if len(args) > 1 {
		slug.MaxLength = args[0].(int)
	}
	if len(args) > 2 {
		slug.EnableSmartTruncate = args[1].(bool)
	}
	return slug.Make(normalize(args[len(args)-1].(string)))
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
