package main

import (
	"encoding/json"
	"path"

	"github.com/gobwas/glob"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/selection"
	"k8s.io/apimachinery/pkg/util/validation"
	"sigs.k8s.io/yaml"

	"errors"
	"slices"
	"strings"
)

// A file of a git generator: an object, else a list of objects, both with float64 numbers.
func readYaml(asked question) (any, error) {
	object := map[string]any{}
	if yaml.Unmarshal([]byte(asked.Text), &object) == nil {
		if asked.Option == "any" {
			return object, nil
		}
		return []any{object}, nil
	}
	list := []map[string]any{}
	if err := yaml.Unmarshal([]byte(asked.Text), &list); err != nil {
		return nil, err
	}
	return list, nil
}

func matchSelector(asked question) (any, error) {
	var given metav1.LabelSelector
	if err := json.Unmarshal(asked.Data, &given); err != nil {
		return nil, err
	}
	selector, err := metav1.LabelSelectorAsSelector(&given)
	if err != nil {
		return nil, err
	}
	return selector.Matches(labels.Set(asked.Labels)), nil
}

// The same without a rule for values, as Argo CD's post-selectors have it.
func matchPostSelector(asked question) (any, error) {
	var given metav1.LabelSelector
	if err := json.Unmarshal(asked.Data, &given); err != nil {
		return nil, err
	}
	for key, value := range given.MatchLabels {
		given.MatchExpressions = append(given.MatchExpressions, metav1.LabelSelectorRequirement{Key: key, Operator: "In", Values: []string{value}})
	}
	matches := true
	for _, term := range given.MatchExpressions {
		holds, err := holds(term, asked.Labels)
		if err != nil {
			return nil, err
		}
		matches = matches && holds
	}
	return matches, nil
}

func holds(term metav1.LabelSelectorRequirement, given map[string]string) (bool, error) {
	if faults := validation.IsQualifiedName(term.Key); len(faults) > 0 {
		return false, errors.New(strings.Join(faults, ", "))
	}
	value, has := given[term.Key]
	switch term.Operator {
	case "In", "NotIn":
		if len(term.Values) == 0 {
			return false, errors.New("for 'in', 'notin' operators, values set can't be empty")
		}
		return (has && slices.Contains(term.Values, value)) == (term.Operator == "In"), nil
	case "Exists", "DoesNotExist":
		if len(term.Values) > 0 {
			return false, errors.New("values set must be empty for exists and does not exist")
		}
		return has == (term.Operator == "Exists"), nil
	}
	return false, errors.New(string(selection.Operator(term.Operator)) + " is not an operator")
}

func matchQuery(asked question) (any, error) {
	selector, err := labels.Parse(asked.Text)
	if err != nil {
		return nil, err
	}
	return selector.Matches(labels.Set(asked.Labels)), nil
}

func matchPath(asked question) (any, error) {
	return path.Match(asked.Pattern, asked.Text)
}

func matchGlob(asked question) (any, error) {
	separators := []rune(asked.Option)
	compiled, err := glob.Compile(asked.Pattern, separators...)
	if err != nil {
		return nil, err
	}
	return compiled.Match(asked.Text), nil
}
