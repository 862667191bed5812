#include "tools/templates.hpp"

#include <array>

namespace gmpsim {
namespace {

constexpr std::string_view kEmpty = R"({
  "$schema": "./scenario.v1.json",
  "apiVersion": "gmpsim/v1",
  "kind": "Scenario",
  "metadata": { "name": "@NAME@", "title": "One goroutine that computes for a millisecond" },
  "runtime": { "profile": "go1.26", "gomaxprocs": 1 },
  "programs": {
    "main": { "do": [ { "run": "1ms" } ] }
  },
  "start": [ { "go": "main" } ],
  "stop": { "when_done": "main" },
  "checks": { "alive": { "deadlock": "none" } }
}
)";

constexpr std::string_view kWorkerPool = R"({
  "$schema": "./scenario.v1.json",
  "apiVersion": "gmpsim/v1",
  "kind": "Scenario",
  "metadata": {
    "name": "@NAME@",
    "title": "A worker pool fed through a channel",
    "tags": ["channels"]
  },
  "params": {
    "workers": { "default": 3, "min": 1, "max": 512 },
    "jobs": { "default": 200, "min": 1 },
    "procs": { "default": 4, "min": 1 }
  },
  "runtime": { "profile": "go1.26", "gomaxprocs": { "param": "procs" } },
  "policies": {
    "stock": { "use": "go1.26" },
    "no-stealing": { "use": "go1.26", "params": { "steal": "none" } }
  },
  "resources": {
    "queue": { "type": "chan", "cap": 10 },
    "results": { "type": "chan", "cap": 10 }
  },
  "programs": {
    "main": { "do": [
      { "go": "worker", "count": { "param": "workers" } },
      { "go": "producer" },
      { "loop": true, "times": { "param": "jobs" }, "do": [ { "recv": "results", "as": "r" } ] },
      { "mark": "all-done" }
    ] },
    "producer": { "do": [
      { "loop": true, "times": { "param": "jobs" }, "as": "i", "do": [ { "send": "queue", "value": "i" } ] },
      { "close": "queue" }
    ] },
    "worker": { "class": "batch", "do": [
      { "range": "queue", "as": "job", "do": [
        { "span": "job", "do": [ { "run": { "dist": "exp", "mean": "250us", "max": "5ms" } } ] },
        { "send": "results", "value": "job" }
      ] }
    ] }
  },
  "start": [ { "go": "main" } ],
  "stop": { "after": "10s", "when_done": "main" },
  "metrics": { "spans": ["job"] },
  "checks": {
    "alive": { "deadlock": "none" },
    "fair": { "bounded_wait": { "max": "20ms", "who": "class:batch" } },
    "complete": { "eventually": { "mark": "all-done", "by": "5s" } }
  },
  "random": { "seed": 1, "replications": 20 }
}
)";

constexpr std::string_view kPipeline = R"({
  "$schema": "./scenario.v1.json",
  "apiVersion": "gmpsim/v1",
  "kind": "Scenario",
  "metadata": {
    "name": "@NAME@",
    "title": "Three stages joined by channels; the slowest sets the pace",
    "tags": ["channels", "pipeline"]
  },
  "params": {
    "items": { "default": 500, "min": 1 },
    "buffer": { "default": 8, "min": 0 }
  },
  "runtime": { "profile": "go1.26", "gomaxprocs": 4 },
  "resources": {
    "raw": { "type": "chan", "cap": { "param": "buffer" } },
    "parsed": { "type": "chan", "cap": { "param": "buffer" } }
  },
  "programs": {
    "read": { "do": [
      { "loop": true, "times": { "param": "items" }, "as": "i", "do": [ { "run": "20us" }, { "send": "raw", "value": "i" } ] },
      { "close": "raw" }
    ] },
    "parse": { "do": [
      { "range": "raw", "as": "x", "do": [ { "run": "50us" }, { "send": "parsed", "value": "x" } ] },
      { "close": "parsed" }
    ] },
    "write": { "do": [
      { "range": "parsed", "as": "x", "do": [ { "run": "30us" }, { "mark": "written" } ] }
    ] }
  },
  "start": [ { "go": "write" }, { "go": "parse" }, { "go": "read" } ],
  "stop": { "after": "10s", "when_done": "write" },
  "checks": {
    "alive": { "deadlock": "none" },
    "all-written": { "require": "mark[written].count == 500" }
  }
}
)";

constexpr std::string_view kTightLoop = R"({
  "$schema": "./scenario.v1.json",
  "apiVersion": "gmpsim/v1",
  "kind": "Scenario",
  "metadata": {
    "name": "@NAME@",
    "title": "Loops without call sites hold every P and starve a heartbeat",
    "tags": ["starvation", "preemption"]
  },
  "params": {
    "procs": { "default": 2, "min": 1 },
    "spinners": { "default": 2, "min": 0 }
  },
  "runtime": { "profile": "go1.26", "gomaxprocs": { "param": "procs" } },
  "policies": {
    "cooperative": { "use": "go1.26", "params": { "preempt": "cooperative" } },
    "async": { "use": "go1.26" }
  },
  "resources": { "beat": { "type": "ticker", "period": "1ms" } },
  "programs": {
    "heartbeat": { "class": "latency", "do": [
      { "loop": true, "forever": true, "do": [ { "recv": "beat" }, { "span": "beat", "do": [ { "run": "5us" } ] } ] }
    ] },
    "spinner": { "class": "batch", "do": [ { "spin": "forever" } ] }
  },
  "start": [ { "go": "heartbeat" }, { "go": "spinner", "count": { "param": "spinners" }, "at": "10ms" } ],
  "stop": { "after": "500ms" },
  "checks": { "heartbeat-runs": { "timer_late": { "max": "25ms", "who": "program:heartbeat" } } },
  "expect": {
    "cooperative": { "heartbeat-runs": "fail" },
    "async": { "heartbeat-runs": "pass" }
  }
}
)";

constexpr std::string_view kMutexConvoy = R"({
  "$schema": "./scenario.v1.json",
  "apiVersion": "gmpsim/v1",
  "kind": "Scenario",
  "metadata": {
    "name": "@NAME@",
    "title": "One goroutine holds a lock most of the time; how long does another one wait for it?",
    "tags": ["locks", "starvation"]
  },
  "runtime": { "profile": "go1.26", "gomaxprocs": 2 },
  "policies": {
    "starvation-mode": { "use": "go1.26" },
    "without": { "use": "go1.26", "params": { "mutex.starvation": "off" } }
  },
  "resources": { "lock": { "type": "mutex" } },
  "programs": {
    "hog": { "do": [
      { "loop": true, "forever": true, "do": [ { "lock": "lock" }, { "run": "100us" }, { "unlock": "lock" } ] }
    ] },
    "polite": { "class": "latency", "do": [
      { "loop": true, "times": 50, "do": [
        { "sleep": "100us" },
        { "span": "locked", "do": [ { "lock": "lock" }, { "run": "1us" }, { "unlock": "lock" } ] }
      ] }
    ] }
  },
  "start": [ { "go": "polite" }, { "go": "hog" } ],
  "stop": { "after": "1s", "when_done": "polite" },
  "metrics": { "spans": ["locked"] },
  "checks": {
    "alive": { "deadlock": "none" },
    "served": { "bounded_wait": { "max": "10ms", "who": "program:polite", "on": "lock" } }
  }
}
)";

constexpr std::string_view kTimers = R"({
  "$schema": "./scenario.v1.json",
  "apiVersion": "gmpsim/v1",
  "kind": "Scenario",
  "metadata": {
    "name": "@NAME@",
    "title": "Many sleepers beside busy Ps: how late do timers fire?",
    "tags": ["timers", "latency"]
  },
  "params": {
    "sleepers": { "default": 200, "min": 1 },
    "busy": { "default": 2, "min": 0 }
  },
  "runtime": { "profile": "go1.26", "gomaxprocs": 2 },
  "policies": {
    "heap": { "use": "go1.26" },
    "wheel": { "use": "go1.26", "params": { "timers": "wheel" } }
  },
  "programs": {
    "sleeper": { "class": "latency", "do": [
      { "loop": true, "times": 20, "do": [ { "sleep": { "dist": "uniform", "min": "1ms", "max": "10ms" } }, { "run": "5us" } ] }
    ] },
    "busy": { "class": "batch", "do": [ { "loop": true, "forever": true, "do": [ { "run": "50us" } ] } ] }
  },
  "start": [ { "go": "sleeper", "count": { "param": "sleepers" } }, { "go": "busy", "count": { "param": "busy" } } ],
  "stop": { "after": "5s", "when_done": "sleeper" },
  "checks": {
    "punctual": { "timer_late": { "max": "60ms", "who": "class:latency" } }
  }
}
)";

constexpr std::array kTemplates{
    ScenarioTemplate{"worker-pool", "workers that take jobs from a channel, with latency and fairness checks",
                     kWorkerPool},
    ScenarioTemplate{"pipeline", "stages joined by channels; the slowest sets the pace", kPipeline},
    ScenarioTemplate{"tight-loop",
                     "a loop that cannot be preempted at call sites, under two policies, with expected verdicts",
                     kTightLoop},
    ScenarioTemplate{"mutex-convoy", "a hog and a polite goroutine at one lock, with and without starvation mode",
                     kMutexConvoy},
    ScenarioTemplate{"timers", "many sleepers beside busy Ps, heap against wheel", kTimers},
    ScenarioTemplate{"empty", "the least that runs", kEmpty},
};

}  // namespace

std::span<const ScenarioTemplate> scenario_templates() { return kTemplates; }

}  // namespace gmpsim
