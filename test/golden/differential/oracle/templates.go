package main

import (
	"encoding/json"
	"errors"
	"io"
	"regexp"
	"sort"
	"strings"
	"text/template"
	"time"

	"github.com/Masterminds/sprig/v3"
	"github.com/gosimple/slug"
	"github.com/valyala/fasttemplate"
	"sigs.k8s.io/yaml"
)

var (
	values    map[string]any
	functions = argoFunctions()
)

// Parameters for the templates that follow; {"$texts": []} and {"$textMap": {}} stand for []string and map[string]string.
func keepData(asked question) (any, error) {
	values = map[string]any{}
	if err := json.Unmarshal(asked.Data, &values); err != nil {
		return nil, err
	}
	for key, value := range values {
		values[key] = typed(value)
	}
	return nil, nil
}

func typed(value any) any {
	switch given := value.(type) {
	case []any:
		for index := range given {
			given[index] = typed(given[index])
		}
	case map[string]any:
		if texts, ok := given["$texts"].([]any); ok {
			list := []string{}
			for _, text := range texts {
				list = append(list, text.(string))
			}
			return list
		}
		if texts, ok := given["$textMap"].(map[string]any); ok {
			record := map[string]string{}
			for key, text := range texts {
				record[key] = text.(string)
			}
			return record
		}
		for key := range given {
			given[key] = typed(given[key])
		}
	}
	return value
}

type limited struct{ strings.Builder }

func (out *limited) Write(bytes []byte) (int, error) {
	if out.Len()+len(bytes) > 1<<16 {
		return 0, errors.New("too long for a comparison")
	}
	return out.Builder.Write(bytes)
}

func renderTemplate(asked question) (any, error) {
	parsed, err := template.New("base").Funcs(functions).Option("missingkey=" + asked.Option).Parse(asked.Text)
	if err != nil {
		return nil, err
	}
	var out limited
	done := make(chan error, 1)
	go func() {
		defer func() {
			if reason := recover(); reason != nil {
				done <- errors.New("panic")
			}
		}()
		done <- parsed.Execute(&out, copied(values))
	}()
	select {
	case err = <-done:
	case <-time.After(2 * time.Second):
		return nil, errors.New("too long for a comparison")
	}
	if err != nil {
		return nil, err
	}
	return out.String(), nil
}

func copied(value any) any {
	switch given := value.(type) {
	case []any:
		list := make([]any, len(given))
		for index := range given {
			list[index] = copied(given[index])
		}
		return list
	case map[string]any:
		record := map[string]any{}
		for key := range given {
			record[key] = copied(given[key])
		}
		return record
	}
	return value
}

// What Argo CD adds to sprig and takes from it; keys and values sorted, as Go's order is random.
func argoFunctions() template.FuncMap {
	all := sprig.GenericFuncMap()
	for _, name := range []string{"env", "expandenv", "getHostByName"} {
		delete(all, name)
	}
	all["normalize"] = normalize
	all["slugify"] = slugify
	all["toYaml"] = func(value any) (string, error) {
		text, err := yaml.Marshal(value)
		return strings.TrimSuffix(string(text), "\n"), err
	}
	all["fromYaml"] = func(text string) (map[string]any, error) {
		value := map[string]any{}
		return value, yaml.Unmarshal([]byte(text), &value)
	}
	all["fromYamlArray"] = func(text string) ([]any, error) {
		value := []any{}
		return value, yaml.Unmarshal([]byte(text), &value)
	}
	all["keys"] = func(records ...map[string]any) []string {
		keys := []string{}
		for _, record := range records {
			keys = append(keys, sortedKeys(record)...)
		}
		return keys
	}
	all["values"] = func(record map[string]any) []any {
		members := []any{}
		for _, key := range sortedKeys(record) {
			members = append(members, record[key])
		}
		return members
	}
	return all
}

func sortedKeys(record map[string]any) []string {
	keys := []string{}
	for key := range record {
		keys = append(keys, key)
	}
	sort.Strings(keys)
	return keys
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

var tagged = regexp.MustCompile(`.*{{.*}}.*`)

func renderFast(asked question) (any, error) {
	params := map[string]any{}
	if err := json.Unmarshal(asked.Data, &params); err != nil {
		return nil, err
	}
	if !tagged.MatchString(asked.Text) {
		return asked.Text, nil
	}
	parsed, err := fasttemplate.NewTemplate(asked.Text, "{{", "}}")
	if err != nil {
		return nil, err
	}
	return parsed.ExecuteFuncStringWithErr(func(out io.Writer, tag string) (int, error) {
		text, isText := params[strings.TrimSpace(tag)].(string)
		if strings.TrimSpace(tag) == "" || !isText {
			return out.Write([]byte("{{" + tag + "}}"))
		}
		return out.Write([]byte(text))
	})
}
