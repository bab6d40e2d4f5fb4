package main

import (
	"encoding/json"
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/strategicpatch"
	"sigs.k8s.io/yaml"
)

// As much of an Application as patches of the comparison name. The one tag of Argo CD's spec is on helm.values.
type application struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata" protobuf:"bytes,1,opt,name=metadata"`
	Spec              applicationSpec `json:"spec"`
}

type applicationSpec struct {
	Project              string              `json:"project"`
	Source               *applicationSource  `json:"source,omitempty"`
	Sources              []applicationSource `json:"sources,omitempty"`
	Destination          destination         `json:"destination"`
	SyncPolicy           *syncPolicy         `json:"syncPolicy,omitempty"`
	Info                 []named             `json:"info,omitempty"`
	IgnoreDifferences    []difference        `json:"ignoreDifferences,omitempty"`
	RevisionHistoryLimit *int64              `json:"revisionHistoryLimit,omitempty"`
}

type applicationSource struct {
	RepoURL        string `json:"repoURL"`
	Path           string `json:"path,omitempty"`
	TargetRevision string `json:"targetRevision,omitempty"`
	Helm           *helm  `json:"helm,omitempty"`
}

type helm struct {
	ValueFiles   []string    `json:"valueFiles,omitempty"`
	Parameters   []parameter `json:"parameters,omitempty"`
	ReleaseName  string      `json:"releaseName,omitempty"`
	Values       string      `json:"values,omitempty" patchStrategy:"replace"`
	ValuesObject *object     `json:"valuesObject,omitempty"`
	SkipCrds     bool        `json:"skipCrds,omitempty"`
}

type parameter struct {
	Name        string `json:"name,omitempty"`
	Value       string `json:"value,omitempty"`
	ForceString bool   `json:"forceString,omitempty"`
}

type destination struct {
	Server    string `json:"server,omitempty"`
	Namespace string `json:"namespace,omitempty"`
	Name      string `json:"name,omitempty"`
}

type syncPolicy struct {
	Automated   *automated        `json:"automated,omitempty"`
	SyncOptions []string          `json:"syncOptions,omitempty"`
	Retry       *retry            `json:"retry,omitempty"`
	Managed     *managedNamespace `json:"managedNamespaceMetadata,omitempty"`
}

type automated struct {
	Prune    *bool `json:"prune,omitempty"`
	SelfHeal *bool `json:"selfHeal,omitempty"`
}

type retry struct {
	Limit   int64    `json:"limit,omitempty"`
	Backoff *backoff `json:"backoff,omitempty"`
}

type backoff struct {
	Duration string `json:"duration,omitempty"`
	Factor   *int64 `json:"factor,omitempty"`
}

type managedNamespace struct {
	Labels      map[string]string `json:"labels,omitempty"`
	Annotations map[string]string `json:"annotations,omitempty"`
}

type named struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

type difference struct {
	Group        string   `json:"group,omitempty"`
	Kind         string   `json:"kind"`
	JSONPointers []string `json:"jsonPointers,omitempty"`
}

// As runtime.RawExtension: any JSON, bytes to Go.
type object struct {
	Raw []byte `json:"-" protobuf:"bytes,1,opt,name=raw"`
}

func (raw *object) UnmarshalJSON(text []byte) error {
	if string(text) != "null" {
		raw.Raw = append([]byte{}, text...)
	}
	return nil
}

func (raw object) MarshalJSON() ([]byte, error) {
	if raw.Raw == nil {
		return []byte("null"), nil
	}
	return raw.Raw, nil
}

func mergePatch(asked question) (any, error) {
	var original, checked, patched application
	if err := json.Unmarshal(asked.Data, &original); err != nil {
		return nil, err
	}
	text, err := json.Marshal(&original)
	if err != nil {
		return nil, err
	}
	patch := asked.Patch
	if !strings.HasPrefix(strings.TrimSpace(patch), "{") {
		converted, err := yaml.YAMLToJSON([]byte(patch))
		if err != nil {
			return nil, err
		}
		patch = string(converted)
	}
	if err := json.Unmarshal([]byte(patch), &checked); err != nil {
		return nil, err
	}
	merged, err := strategicpatch.StrategicMergePatch(text, []byte(patch), application{})
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal(merged, &patched); err != nil {
		return nil, err
	}
	patched.Spec.Project = original.Spec.Project
	return patched, nil
}
