// Promcheck answers whether one release of Prometheus accepts a file or a
// query. It reads one JSON request a line and writes one JSON answer a line.
//
// The sources here are shared: every promcheck-VERSION folder links to them and
// adds release.go, which holds what differs between the releases' packages.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
)

// request is one line of input.
type request struct {
	// Kind is config, rules, web or query.
	Kind string `json:"kind"`
	// Path is the file of a config, rules or web request.
	Path string `json:"path"`
	// Text is the PromQL expression of a query request.
	Text string `json:"text"`
	// Agent checks a config as agent mode does.
	Agent bool `json:"agent"`
	// ExpandExternalLabels turns on the feature of that name; Prometheus 3 always has it on.
	ExpandExternalLabels bool `json:"expandExternalLabels"`
}

// answer is one line of output.
type answer struct {
	OK    bool   `json:"ok"`
	Error string `json:"error,omitempty"`
}

func main() {
	if err := serve(os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "promcheck:", err)
		os.Exit(1)
	}
}

// serve answers until the input ends. Each answer is flushed: the other side waits for it.
func serve(in io.Reader, out io.Writer) error {
	lines := bufio.NewReader(in)
	answers := json.NewEncoder(out)
	for {
		line, err := lines.ReadBytes('\n')
		if len(line) > 0 {
			if failure := answers.Encode(reply(line)); failure != nil {
				return failure
			}
		}
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

func reply(line []byte) (result answer) {
	defer func() {
		if panicked := recover(); panicked != nil {
			result = answer{Error: fmt.Sprintf("panic: %v", panicked)}
		}
	}()
	var asked request
	if err := json.Unmarshal(line, &asked); err != nil {
		return answer{Error: "not a request: " + err.Error()}
	}
	if err := check(asked); err != nil {
		return answer{Error: err.Error()}
	}
	return answer{OK: true}
}

func check(asked request) error {
	switch asked.Kind {
	case "config":
		return checkConfig(asked)
	case "rules":
		return checkRules(asked.Path, nil)
	case "web":
		return checkWeb(asked.Path)
	case "query":
		return parseQuery(asked.Text)
	default:
		return fmt.Errorf("there is no kind %q: config, rules, web or query", asked.Kind)
	}
}
