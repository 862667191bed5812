#pragma once
// A small scenario, and what makes it wrong: the list that the reader and the schema must judge alike.

#include <string>
#include <vector>

namespace gmpsim::documents {

inline constexpr const char* kBase = R"({
  "apiVersion": "gmpsim/v1",
  "kind": "Scenario",
  "metadata": { "name": "base", "tags": ["a", "b"] },
  "params": { "workers": { "default": 4, "min": 1, "max": 64 }, "work": { "default": "250us" }, "rate": { "default": "9000/s" } },
  "machine": { "cores": 2 },
  "runtime": { "profile": "go1.26", "gomaxprocs": 2, "overrides": { "step": "2ns", "sysmon": { "min": "20us" } } },
  "policies": { "stock": { "use": "go1.26" }, "rich": { "use": "go1.26", "params": { "steal": "richest", "runnext": false } } },
  "resources": {
    "jobs": { "type": "chan", "cap": 10 },
    "mu": { "type": "mutex" },
    "cv": { "type": "cond", "mutex": "mu" },
    "total": { "type": "var", "init": 0 },
    "slots": { "type": "var", "array": 3, "init": [1, 2, 3] },
    "beat": { "type": "ticker", "period": "1ms" }
  },
  "programs": {
    "main": { "do": [ { "loop": true, "times": 3, "as": "i", "do": [ { "send": "jobs", "value": "i" } ] }, { "close": "jobs" }, { "mark": "sent" } ] },
    "worker": { "args": ["id"], "class": "batch", "do": [ { "range": "jobs", "as": "job", "do": [ { "span": "work", "do": [ { "run": { "param": "work" } } ] } ] }, { "log": "end", "value": "id" } ] }
  },
  "start": [ { "go": "main" }, { "go": "worker", "count": { "param": "workers" }, "args": { "id": "index" } } ],
  "stop": { "after": "1s", "when_done": "main" },
  "metrics": { "spans": ["work"], "percentiles": [50, 99.9] },
  "checks": {
    "alive": { "deadlock": "none" },
    "fair": { "bounded_wait": { "max": "20ms", "who": "class:batch" }, "severity": "warn" },
    "done": { "eventually": { "mark": "sent", "by": "100ms" } },
    "slo": { "require": "span.work.p99 <= 8ms" }
  },
  "expect": { "*": { "alive": "pass", "slo": "any" } },
  "random": { "seed": 1, "replications": 3 },
  "sweep": { "matrix": { "/params/workers": [2, 4] } }
})";

/// A merge patch over the base.
struct Change {
  const char* name;
  const char* patch;
  const char* code;         ///< of the first error; "" when the document stays right
  const char* place;        ///< pointer of the first error
  bool schema_sees = true;  ///< false: beyond what a schema can say
};

inline const std::vector<Change> kChanges{
    // --- right
    {"nothing changed", "{}", "", ""},
    {"notes and extensions anywhere", R"({"note": "n", "x-a": [1], "machine": {"note": "n", "x-b": null}, "programs": {"note": "all", "x-c": 1}, "expect": {"note": "n"}})", "", ""},
    {"sizes, times and counts as expressions", R"({"stop": {"after": "2ms * workers + work"}, "resources": {"jobs": {"cap": "workers * 2"}}, "runtime": {"gomaxprocs": "min(workers, 4) + 0"}})", "", ""},
    {"a parameter wherever a scalar may stand", R"({"resources": {"jobs": {"cap": {"param": "workers"}}}, "stop": {"after": {"param": "work"}}, "checks": {"fair": {"severity": "error"}}})", "", ""},
    {"all kinds of resources", R"({"resources": {"a": {"type": "rwmutex"}, "b": {"type": "waitgroup", "init": 2}, "c": {"type": "once"}, "d": {"type": "semaphore", "count": 3, "kind": "runtime"},
        "e": {"type": "timer", "after": "5ms"}, "f": {"type": "context", "timeout": "1s"}, "g": {"type": "context", "parent": "f"}, "h": {"type": "pool"},
        "ii": {"type": "socket", "latency": {"dist": "exp", "mean": "1ms", "max": "9ms"}}, "j": {"type": "file", "latency": "2ms"}, "k": {"type": "cgo_lib", "count": 4},
        "l": {"type": "heap", "gogc": "off", "memory_limit": "1GiB", "trigger": "4MiB"}, "m": {"type": "chan", "cap": 3, "init": [1, 2]}, "n": {"type": "socket", "every": "1ms"}}})", "", ""},
    {"all kinds of arrivals", R"({"arrivals": {"a": {"go": "main", "process": {"poisson": {"param": "rate"}}}, "b": {"go": "main", "process": {"every": {"dist": "uniform", "min": "1ms", "max": "2ms"}}, "from": "1ms", "until": "2ms", "max": 9},
        "c": {"go": "main", "process": {"stages": [{"for": "1s", "rate": "100/s", "ramp": "linear"}]}}, "d": {"go": "main", "process": {"closed": {"users": 3, "think": "1ms"}}},
        "e": {"go": "main", "process": {"burst": {"size": 4, "every": "20ms"}}}, "f": {"go": "worker", "args": {"id": "index"}, "process": {"replay": "times.txt"}}}})", "", ""},
    {"all kinds of faults", R"({"faults": [{"at": "1ms", "for": "2ms", "inject": {"cpu_quota": {"quota": "1ms", "period": "10ms"}}}, {"inject": {"stall_core": {"core": 1}}}, {"inject": {"slow_core": {"core": 0, "factor": 2.5}}},
        {"inject": {"timer_delay": {"by": "1ms"}}}, {"every": "1ms", "inject": {"gc": true}}, {"inject": {"lose_wakeup": {"who": "class:batch"}}}, {"inject": {"clock_step": {"by": "-5ms"}}}, {"inject": {"io_delay": {"by": "1ms"}}}]})", "", ""},
    {"all kinds of oracles", R"({"checks": {"a": {"leak": {"who": "program:worker"}}, "b": {"wait_cycle": "none"}, "c": {"race": "none"}, "d": {"timer_late": {"max": "1ms"}}, "e": {"work_conserving": {"max_idle": "0ns"}},
        "f": {"time_to_stop": {"max": "1ms"}}, "g": {"progress": {"within": "5ms", "mark": "sent"}}, "h": {"fairness": {"who": "goroutine:worker", "jain_min": 0.9}}, "i": {"fairness": {"who": "*", "of": "sent", "share": ["20%", 0.4]}},
        "j": {"never": "threads.total > 40"}, "k": {"logged": {"label": "end", "values": [0, [1, 2], -1]}}, "l": {"ends": {"how": "deadlock", "message": "m", "blocked": [{"who": "goroutine:worker#2", "reason": "chan receive", "on": "jobs", "count": 2}]}},
        "m": {"eventually": {"done": "main", "by": "1s"}}, "n": {"leak": "none"}, "o": {"lost_wakeup": "none"}, "p": {"misuse": "none"}, "q": {"panic": "none"}, "r": {"assert": "none"}}})", "", ""},
    {"distributions", R"({"resources": {"s": {"type": "socket", "latency": {"dist": "lognormal", "median": "400us", "p99": "4ms", "stream": "db"}}, "t": {"type": "socket", "latency": {"dist": "lognormal", "median": "400us", "sigma": 0.5}},
        "u": {"type": "socket", "latency": {"dist": "normal", "mean": "1ms", "sd": "100us", "min": "0ns"}}, "v": {"type": "socket", "latency": {"dist": "pareto", "min": "1us", "alpha": 1.5}}, "w": {"type": "socket", "latency": {"dist": "constant", "value": "1ms"}}}})", "", ""},
    {"a seed in hexadecimal, heap settings of a policy", R"({"random": {"seed": "0x5eed"}, "policies": {"fine": {"use": "go1.22", "params": {"force_preempt": "1ms", "sysmon_max": "100us"}}}})", "", ""},
    {"sweeps", R"({"sweep": {"zip": {"/runtime/gomaxprocs": [1, 2], "/machine/cores": [1, 2]}, "exclude": [{"/params/workers": 2, "/machine/cores": 1}], "where": "workers > 1"}})", "", ""},
    {"a mark ends the run", R"({"stop": {"when_done": {"mark": "sent"}}})", "", ""},
    {"os settings, a frame, phases", R"({"programs": {"main": {"frame": "2KiB", "os": {"cores": [0, 1], "weight": 512, "group": "g", "class": "batch"}}}, "phases": [{"name": "warm-up", "for": "1ms", "measure": false}], "machine": {"os_scheduler": "cfs", "numa_nodes": 2, "numa_distance": [[10, 20], [20, 10]], "remote_factor": 1.5, "cpu_quota": {"quota": "1ms", "period": "2ms"}}})", "", ""},

    // --- keys
    {"an unknown section", R"({"programms": {}})", "E0107", "/programms"},
    {"an unknown key", R"({"runtime": {"gomaxproc": 4}})", "E0107", "/runtime/gomaxproc"},
    {"an unknown key of a resource", R"({"resources": {"mu": {"cap": 4}}})", "E0107", "/resources/mu/cap"},
    {"an unknown key of a check", R"({"checks": {"alive": {"sverity": "warn"}}})", "E0107", "/checks/alive/sverity"},
    {"an unknown key of a distribution", R"({"resources": {"s": {"type": "socket", "latency": {"dist": "exp", "mean": "1ms", "sd": "1ms"}}}})", "E0107", "/resources/s/latency/sd"},
    {"no version", R"({"apiVersion": null})", "E0108", ""},
    {"no program", R"({"programs": null, "start": [], "stop": {"when_done": null}, "checks": null, "metrics": null, "expect": null})", "E0108", ""},
    {"nothing starts", R"({"start": null})", "E0108", ""},
    {"a ticker without period", R"({"resources": {"beat": {"period": null}}})", "E0108", "/resources/beat"},
    {"a ticker whose period is no time at all", R"({"resources": {"beat": {"period": "0ms"}}})", "E0211", "/resources/beat/period"},
    {"a cond without mutex", R"({"resources": {"cv": {"mutex": null}}})", "E0108", "/resources/cv"},
    {"a resource without type", R"({"resources": {"mu": {"type": null}}})", "E0108", "/resources/mu"},
    {"a program without do", R"({"programs": {"main": {"do": null}}})", "E0108", "/programs/main"},
    {"a check without oracle", R"({"checks": {"alive": {"deadlock": null}}})", "E0108", "/checks/alive"},
    {"a check with two oracles", R"({"checks": {"alive": {"leak": "none"}}})", "E0110", "/checks/alive/leak"},
    {"a parameter without default", R"({"params": {"more": {"min": 1}}})", "E0108", "/params/more"},
    {"an arrival of two processes", R"({"arrivals": {"a": {"go": "main", "process": {"poisson": "1/s", "every": "1s"}}}})", "E0110", "/arrivals/a/process/every"},
    {"a socket without latency", R"({"resources": {"s": {"type": "socket"}}})", "E0108", "/resources/s"},

    // --- types and words
    {"a list where an object belongs", R"({"machine": [1]})", "E0106", "/machine"},
    {"a number where a string belongs", R"({"metadata": {"title": 5}})", "E0106", "/metadata/title"},
    {"a string where true or false belongs", R"({"random": {"common_random_numbers": "yes"}})", "E0106", "/random/common_random_numbers"},
    {"a program that is a list", R"({"programs": {"main": []}})", "E0106", "/programs/main"},
    {"a note that is no string", R"({"machine": {"note": 5}})", "E0106", "/machine/note"},
    {"operations that are an object", R"({"programs": {"main": {"do": {"run": "1ms"}}}})", "E0106", "/programs/main/do"},
    {"an unknown kind of resource", R"({"resources": {"mu": {"type": "mutx"}}})", "E0109", "/resources/mu/type"},
    {"an unknown distribution", R"({"resources": {"s": {"type": "file", "latency": {"dist": "gauss"}}}})", "E0109", "/resources/s/latency/dist"},
    {"an unknown verdict", R"({"expect": {"*": {"alive": "passes"}}})", "E0109", "/expect/*/alive"},
    {"an unknown severity", R"({"checks": {"alive": {"severity": "fatal"}}})", "E0109", "/checks/alive/severity"},
    {"a deadlock that is allowed", R"({"checks": {"alive": {"deadlock": "some"}}})", "E0109", "/checks/alive/deadlock"},
    {"an empty condition", R"({"checks": {"slo": {"require": "  "}}})", "E0106", "/checks/slo/require"},

    // --- values
    {"a bare number as a time", R"({"stop": {"after": 5}})", "E0212", "/stop/after"},
    {"a bare number as a time, in quotes", R"({"stop": {"after": "5"}})", "E0212", "/stop/after"},
    {"an unknown unit of time", R"({"stop": {"after": "5m"}})", "E0212", "/stop/after", false},
    {"a time without a unit in an expression", R"({"stop": {"after": "5 * 2"}})", "E0212", "/stop/after", false},
    {"a time below a nanosecond", R"({"stop": {"after": "0.5ns"}})", "E0212", "/stop/after", false},
    {"a size as a time", R"({"stop": {"after": "64MiB"}})", "E0212", "/stop/after", false},
    {"a negative time", R"({"start": [{"go": "main", "at": "-5ms"}]})", "E0211", "/start/0/at", false},
    {"a bare number as a size", R"({"resources": {"h": {"type": "heap", "memory_limit": 100}}})", "E0213", "/resources/h/memory_limit"},
    {"a rate without a time", R"({"arrivals": {"a": {"go": "main", "process": {"poisson": "9000"}}}})", "E0214", "/arrivals/a/process/poisson"},
    {"a bare number as a rate", R"({"arrivals": {"a": {"go": "main", "process": {"poisson": 9000}}}})", "E0214", "/arrivals/a/process/poisson"},
    {"half a core", R"({"machine": {"cores": 1.5}})", "E0215", "/machine/cores"},
    {"no core", R"({"machine": {"cores": 0}})", "E0211", "/machine/cores"},
    {"very many Ps", R"({"runtime": {"gomaxprocs": 1000000}})", "E0211", "/runtime/gomaxprocs"},
    {"a share above one", R"({"checks": {"alive": {"deadlock": null, "fairness": {"who": "*", "jain_min": 1.5}}}})", "E0211", "/checks/alive/fairness/jain_min"},
    {"a percentile above a hundred", R"({"metrics": {"percentiles": [101]}})", "E0211", "/metrics/percentiles/0"},
    {"a seed below 0", R"({"random": {"seed": -4}})", "E0211", "/random/seed"},
    {"a seed that is a word", R"({"random": {"seed": "now"}})", "E0218", "/random/seed"},
    {"an unknown name in a constant expression", R"({"machine": {"cores": "workrs"}})", "E0403", "/machine/cores", false},
    {"a random number where nothing runs", R"({"machine": {"cores": "rand(4) + 1"}})", "E0219", "/machine/cores", false},
    {"a division by zero", R"({"machine": {"cores": "4 / 0"}})", "E0219", "/machine/cores", false},
    {"max below min", R"({"resources": {"s": {"type": "file", "latency": {"dist": "uniform", "min": "2ms", "max": "1ms"}}}})", "E0216", "/resources/s/latency/max", false},
    {"p99 below the median", R"({"resources": {"s": {"type": "file", "latency": {"dist": "lognormal", "median": "2ms", "p99": "1ms"}}}})", "E0216", "/resources/s/latency/p99", false},
    {"a default outside its bounds", R"({"params": {"workers": {"default": 100}}})", "E0220", "/params/workers/default", false},
    {"a default that is not among the allowed", R"({"params": {"workers": {"oneOf": [1, 2]}}})", "E0220", "/params/workers/default", false},
    {"a bound of another kind", R"({"params": {"work": {"max": 5}}})", "E0221", "/params/work/max", false},
    {"a time of a parameter without unit", R"({"params": {"work": {"default": 5}}, "stop": {"after": {"param": "work"}}})", "E0212", "/stop/after", false},
    {"more initial values than capacity", R"({"resources": {"jobs": {"init": [1,2,3,4,5,6,7,8,9,10,11]}}})", "E0224", "/resources/jobs/init", false},
    {"initial values for another array", R"({"resources": {"slots": {"init": [1, 2]}}})", "E0224", "/resources/slots/init", false},
    {"arrivals that end before they begin", R"({"arrivals": {"a": {"go": "main", "from": "2s", "until": "1s", "process": {"every": "1ms"}}}})", "E0225", "/arrivals/a/until", false},
    {"shares in the wrong order", R"({"checks": {"alive": {"deadlock": null, "fairness": {"who": "*", "share": [0.5, 0.2]}}}})", "E0226", "/checks/alive/fairness/share", false},
    {"zip of different lengths", R"({"sweep": {"zip": {"/machine/cores": [1, 2], "/runtime/gomaxprocs": [1]}}})", "E0227", "/sweep/zip/~1runtime~1gomaxprocs", false},

    // --- names
    {"a resource with a hyphen", R"({"resources": {"my-jobs": {"type": "chan"}}})", "E0301", "/resources/my-jobs"},
    {"a scenario with capitals", R"({"metadata": {"name": "Base"}})", "E0301", "/metadata/name"},
    {"a program that begins with a digit", R"({"programs": {"2nd": {"do": []}}})", "E0301", "/programs/2nd"},
    {"a reserved name", R"({"resources": {"len": {"type": "var"}}})", "E0304", "/resources/len", false},
    {"a metric family as a name", R"({"params": {"span": {"default": 1}}})", "E0304", "/params/span", false},
    {"a parameter and a resource of one name", R"({"resources": {"workers": {"type": "var"}}})", "E0305", "/resources/workers", false},
    {"an argument of a resource's name", R"({"programs": {"worker": {"args": ["id", "jobs"]}}, "start": [{"go": "main"}]})", "E0305", "/programs/worker/args/1", false},
    {"an argument twice", R"({"programs": {"worker": {"args": ["id", "id"]}}})", "E0305", "/programs/worker/args/1", false},
    {"a selector without family", R"({"checks": {"fair": {"bounded_wait": {"who": "batch"}}}})", "E0302", "/checks/fair/bounded_wait/who"},
    {"a selector of an unknown family", R"({"checks": {"fair": {"bounded_wait": {"who": "clas:batch"}}}})", "E0302", "/checks/fair/bounded_wait/who"},
    {"a goroutine numbered 0", R"({"checks": {"fair": {"bounded_wait": {"who": "goroutine:worker#0"}}}})", "E0302", "/checks/fair/bounded_wait/who"},
    {"an unknown program", R"({"start": [{"go": "wroker"}]})", "E0303", "/start/0/go", false},
    {"an unknown class", R"({"checks": {"fair": {"bounded_wait": {"who": "class:btach"}}}})", "E0303", "/checks/fair/bounded_wait/who", false},
    {"an unknown check", R"({"expect": {"*": {"alife": "pass"}}})", "E0303", "/expect/*/alife", false},
    {"an unknown policy", R"({"expect": {"stok": {"alive": "pass"}}})", "E0303", "/expect/stok", false},
    {"an unknown parameter", R"({"machine": {"cores": {"param": "workrs"}}})", "E0303", "/machine/cores/param", false},
    {"an unknown mark", R"({"checks": {"done": {"eventually": {"mark": "snet"}}}})", "E0303", "/checks/done/eventually/mark", false},
    {"an unknown span", R"({"metrics": {"spans": ["wrok"]}})", "E0303", "/metrics/spans/0", false},
    {"an unknown program to wait for", R"({"stop": {"when_done": "mian"}})", "E0303", "/stop/when_done", false},
    {"a wait for a shared variable", R"({"checks": {"fair": {"bounded_wait": {"on": "slots"}}}})", "E0306", "/checks/fair/bounded_wait/on", false},
    {"a wait for an element of what is no array", R"({"checks": {"fair": {"bounded_wait": {"on": "mu[0]"}}}})", "E0306", "/checks/fair/bounded_wait/on", false},
    {"a wait for an element beyond the last", R"({"resources": {"ms": {"type": "mutex", "array": 2}}, "checks": {"fair": {"bounded_wait": {"on": "ms[2]"}}}})", "E0306", "/checks/fair/bounded_wait/on", false},
    {"a cond on a channel", R"({"resources": {"cv": {"mutex": "jobs"}}})", "E0306", "/resources/cv/mutex", false},
    {"a cond on nothing", R"({"resources": {"cv": {"mutex": "um"}}})", "E0303", "/resources/cv/mutex", false},
    {"an array of conds on one mutex", R"({"resources": {"cv": {"array": 2}}})", "E0307", "/resources/cv/mutex", false},
    {"contexts in a circle", R"({"resources": {"a": {"type": "context", "parent": "b"}, "b": {"type": "context", "parent": "a"}}})", "E0308", "/resources/a/parent", false},
    {"two heaps", R"({"resources": {"a": {"type": "heap"}, "b": {"type": "heap"}}})", "E0305", "/resources/b", false},
    {"an argument too many", R"({"start": [{"go": "main", "args": {"id": 1}}]})", "E0309", "/start/0/args/id", false},
    {"an argument too few", R"({"start": [{"go": "worker"}]})", "E0309", "/start/0", false},
    {"an unknown version of Go", R"({"runtime": {"profile": "1.26"}})", "E0310", "/runtime/profile", false},
    {"an unknown base of a policy", R"({"policies": {"stock": {"use": "go1.62"}}})", "E0310", "/policies/stock/use", false},
    {"an unknown constant", R"({"runtime": {"overrides": {"stpe": "2ns"}}})", "E0311", "/runtime/overrides/stpe", false},
    {"a constant without unit", R"({"runtime": {"overrides": {"step": 2}}})", "E0212", "/runtime/overrides/step", false},
    {"an unknown switch", R"({"policies": {"rich": {"params": {"runext": false}}}})", "E0313", "/policies/rich/params/runext", false},
    {"a value that a switch does not have", R"({"policies": {"rich": {"params": {"steal": "poorest"}}}})", "E0312", "/policies/rich/params/steal", false},
    {"a sweep where nobody knows what", R"({"sweep": {"where": "wrokers > 1"}})", "E0403", "/sweep/where", false},
    {"a sweep over nothing", R"({"sweep": {"matrix": {"/params/wrokers": [1]}}})", "E0116", "/sweep/matrix/~1params~1wrokers", false},

    // --- versions
    {"a newer version", R"({"apiVersion": "gmpsim/v2"})", "E0114", "/apiVersion"},
    {"no version at all", R"({"apiVersion": "v1"})", "E0114", "/apiVersion"},
    {"another kind of document", R"({"kind": "Sweep"})", "E0115", "/kind"},
    {"an unknown kind of document", R"({"kind": "Scenari"})", "E0115", "/kind"},
};

}  // namespace gmpsim::documents
