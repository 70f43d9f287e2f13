package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	httpconfig "github.com/prometheus/common/config"
	"github.com/prometheus/exporter-toolkit/web"
	"github.com/prometheus/prometheus/config"
	"gopkg.in/yaml.v2"

	// The discoveries that Narthex writes; those of the clouds would double the build.
	_ "github.com/prometheus/prometheus/discovery/dns"
	_ "github.com/prometheus/prometheus/discovery/file"
	_ "github.com/prometheus/prometheus/discovery/http"
	_ "github.com/prometheus/prometheus/discovery/kubernetes"
	_ "github.com/prometheus/prometheus/discovery/moby"
)

// checkConfig does what a start or a reload does with the file: it is parsed
// with its scrape config files and rule files, and the clients are made that
// read certificates.
func checkConfig(asked request) error {
	loaded, err := loadConfig(asked)
	if err != nil {
		return err
	}
	jobs, err := scrapeConfigs(loaded)
	if err != nil {
		return err
	}
	for _, job := range jobs {
		if err := checkClient(job.HTTPClientConfig, "job "+job.JobName); err != nil {
			return err
		}
	}
	for i, to := range loaded.AlertingConfig.AlertmanagerConfigs {
		if err := checkClient(to.HTTPClientConfig, fmt.Sprintf("alertmanager %d", i)); err != nil {
			return err
		}
	}
	if err := checkRemotes(loaded); err != nil {
		return err
	}
	if asked.Agent {
		return nil
	}
	for _, pattern := range loaded.RuleFiles {
		files, err := filepath.Glob(pattern)
		if err != nil {
			return fmt.Errorf("rule files %q: %w", pattern, err)
		}
		for _, file := range files {
			if err := checkRules(file, loaded); err != nil {
				return err
			}
		}
	}
	return nil
}

// checkRemotes also refuses two equal remote_write or remote_read sections,
// which Prometheus tells apart by the hash of their text.
func checkRemotes(loaded *config.Config) error {
	writes, reads := map[string]bool{}, map[string]bool{}
	for i, to := range loaded.RemoteWriteConfigs {
		if err := checkClient(to.HTTPClientConfig, fmt.Sprintf("remote_write %d", i)); err != nil {
			return err
		}
		if err := checkDistinct(writes, to, "remote_write"); err != nil {
			return err
		}
	}
	for i, from := range loaded.RemoteReadConfigs {
		if err := checkClient(from.HTTPClientConfig, fmt.Sprintf("remote_read %d", i)); err != nil {
			return err
		}
		if err := checkDistinct(reads, from, "remote_read"); err != nil {
			return err
		}
	}
	return nil
}

func checkClient(settings httpconfig.HTTPClientConfig, name string) error {
	client, err := httpconfig.NewClientFromConfig(settings, "promcheck")
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	client.CloseIdleConnections()
	return nil
}

func checkDistinct(seen map[string]bool, section any, name string) error {
	text, err := yaml.Marshal(section)
	if err != nil {
		return err
	}
	if seen[string(text)] {
		return fmt.Errorf("duplicate %s configs are not allowed", name)
	}
	seen[string(text)] = true
	return nil
}

func checkRules(path string, loaded *config.Config) error {
	return errors.Join(parseRules(path, loaded)...)
}

func checkWeb(path string) error {
	// The toolkit takes an empty path for "no such file wanted".
	if _, err := os.Stat(path); err != nil {
		return err
	}
	return web.Validate(path)
}
