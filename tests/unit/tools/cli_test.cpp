#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include <unistd.h>

#include "scenarios/json.hpp"
#include "tests/unit/tools/command_line.hpp"
#include "tools/catalogue.hpp"
#include "tools/exit_code.hpp"
#include "tools/topics.hpp"
#include "tools/transition_text.hpp"

namespace gmpsim {
namespace {

namespace fs = std::filesystem;

/// A folder of its own for a test, removed afterwards.
struct Folder {
  Folder() : path(fs::temp_directory_path() / ("gmpsim-test-" + std::to_string(getpid()))) {
    fs::create_directories(path);
  }
  ~Folder() { fs::remove_all(path); }
  [[nodiscard]] std::string file(const std::string& name) const { return (path / name).string(); }
  std::string write(const std::string& name, const std::string& text) const {
    std::ofstream(file(name)) << text;
    return file(name);
  }
  [[nodiscard]] std::string read(const std::string& name) const {
    std::ifstream in(file(name), std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  fs::path path;
};

// Two goroutines that wait for one another; main waits for both.
constexpr const char* kDeadlock = R"({
  "apiVersion": "gmpsim/v1", "kind": "Scenario", "metadata": { "name": "stuck" },
  "runtime": { "profile": "go1.26", "gomaxprocs": 1 },
  "resources": { "a": { "type": "chan" } },
  "programs": { "main": { "do": [ { "recv": "a" } ] } },
  "start": [ { "go": "main" } ]
})";

constexpr const char* kGood = R"({
  "apiVersion": "gmpsim/v1", "kind": "Scenario", "metadata": { "name": "good" },
  "params": { "times": { "default": 20 } },
  "runtime": { "profile": "go1.26", "gomaxprocs": 2 },
  "policies": { "stock": { "use": "go1.26" }, "no-stealing": { "use": "go1.26", "params": { "steal": "none" } } },
  "programs": {
    "main": { "do": [
      { "loop": true, "times": { "param": "times" }, "do": [
        { "go": "child" },
        { "run": { "dist": "exp", "mean": "20us" } }
      ] },
      { "sleep": "1ms" }
    ] },
    "child": { "do": [ { "run": { "dist": "exp", "mean": "30us" } } ] }
  },
  "start": [ { "go": "main" } ],
  "checks": { "alive": { "deadlock": "none" } }
})";

/// The token in a text.
std::string token_in(const std::string& text) {
  const std::size_t at = text.find("g1-");
  if (at == std::string::npos) return "";
  const std::size_t end = text.find_first_of(" \n", at);
  return text.substr(at, end - at);
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(cli, Folder)

BOOST_AUTO_TEST_CASE(exit_codes_have_an_order) {
  BOOST_CHECK(worse(Exit::undecided, Exit::finding) == Exit::finding);
  BOOST_CHECK(worse(Exit::finding, Exit::usage) == Exit::usage);
  BOOST_CHECK(worse(Exit::bad_input, Exit::environment) == Exit::environment);
  BOOST_CHECK(worse(Exit::not_reproducible, Exit::environment) == Exit::not_reproducible);
  BOOST_CHECK(worse(Exit::internal, Exit::not_reproducible) == Exit::internal);
  BOOST_CHECK(worse(Exit::good, Exit::undecided) == Exit::undecided);
}

BOOST_AUTO_TEST_CASE(bare_and_mistaken_command_lines_are_usage) {
  const Said bare = gmpsim_says({});
  BOOST_TEST(bare.code == 2);
  BOOST_TEST(bare.out.empty());
  BOOST_TEST(contains(bare.err, "Examples"));

  const Said misspelt = gmpsim_says({"rnu", "tight-loop"});
  BOOST_TEST(misspelt.code == 2);
  BOOST_TEST(contains(misspelt.err, "did you mean \"run\"?"), misspelt.err);

  const Said flag = gmpsim_says({"run", "tight-loop", "--polcy", "async"});
  BOOST_TEST(flag.code == 2);
  BOOST_TEST(contains(flag.err, "did you mean \"--policy\"?"), flag.err);

  const Said elsewhere = gmpsim_says({"run", "tight-loop", "--fail-if", "x"});
  BOOST_TEST(elsewhere.code == 2);
  BOOST_TEST(contains(elsewhere.err, "gmpsim compare has it"), elsewhere.err);

  const Said format = gmpsim_says({"run", "tight-loop", "--format", "jsn"});
  BOOST_TEST(format.code == 2);
  BOOST_TEST(contains(format.err, "did you mean \"json\"?"), format.err);

  BOOST_TEST(gmpsim_says({"run"}).code == 2);
  BOOST_TEST(gmpsim_says({"run", "tight-loop", "--seed", "-4"}).code == 2);
  BOOST_TEST(gmpsim_says({"run", "tight-loop", "--seed", "18446744073709551616"}).code == 2);
  BOOST_TEST(gmpsim_says({"run", "tight-loop", "--seed"}).code == 2);
  BOOST_TEST(gmpsim_says({"run", "tight-loop", "--replications", "0"}).code == 2);
  BOOST_TEST(gmpsim_says({"run", "tight-loop", "--jobs", "many"}).code == 2);
  BOOST_TEST(gmpsim_says({"run", "tight-loop", "--schedtrace", "100"}).code == 2);
  BOOST_TEST(gmpsim_says({"run", "tight-loop", "one", "too-many"}).code == 2);
  BOOST_TEST(gmpsim_says({"run", "tight-loop", "--set", "workers"}).code == 2);
  BOOST_TEST(gmpsim_says({"compare", "tight-loop", "--confidence", "95"}).code == 2);
  BOOST_TEST(gmpsim_says({"compare", "tight-loop", "--fail-if", "spam > 5"}).code == 2);
  BOOST_TEST(gmpsim_says({"compare", "tight-loop", "--policies", "async,async"}).code == 2);
  BOOST_TEST(gmpsim_says({"completion", "csh"}).code == 2);
  BOOST_TEST(gmpsim_says({"--seed", "7"}).code == 2);
}

BOOST_AUTO_TEST_CASE(help_begins_with_examples_and_names_every_option) {
  const CommandTree tree = command_tree();
  BOOST_TEST(tree.commands.size() >= 12u);
  for (const CommandTree& command : tree.commands) {
    const Said brief = gmpsim_says({command.name, "-h"});
    BOOST_TEST(brief.code == 0);
    BOOST_TEST(brief.out.find("Examples") < brief.out.find("Options"), brief.out);
    const Said full = gmpsim_says({command.name, "--help"});
    for (const CommandOption& o : command.options) {
      for (const std::string& name : o.names)
        BOOST_TEST(contains(full.out, name), command.name << " does not tell of " << name);
    }
    BOOST_TEST(contains(full.out, "Exit codes"));
    BOOST_TEST(!command.examples.empty());
    BOOST_TEST(gmpsim_says({"help", command.name}).out == full.out);
  }
  BOOST_TEST(contains(gmpsim_says({"help", "runnext"}).out, "switch"));
}

BOOST_AUTO_TEST_CASE(names_lead_to_the_nearest_one) {
  const Said scenario = gmpsim_says({"run", "tight-lop"});
  BOOST_TEST(scenario.code == 4);
  BOOST_TEST(contains(scenario.err, "did you mean \"tight-loop\"?"), scenario.err);
  const Said policy = gmpsim_says({"run", "tight-loop", "--policy", "asynk"});
  BOOST_TEST(policy.code == 2);
  BOOST_TEST(contains(policy.err, "did you mean \"async\"?"), policy.err);
  const Said parameter = gmpsim_says({"run", "tight-loop", "--set", "params.proc=1"});
  BOOST_TEST(parameter.code == 3);
  BOOST_TEST(contains(parameter.err, "procs"), parameter.err);
  const Said topic = gmpsim_says({"explain", "runnexxt"});
  BOOST_TEST(topic.code == 2);
  BOOST_TEST(contains(topic.err, "runnext"), topic.err);
}

BOOST_AUTO_TEST_CASE(a_file_system_that_fails_is_the_environment) {
  BOOST_TEST(gmpsim_says({"run", file("missing.json")}).code == 4);
  BOOST_TEST(gmpsim_says({"run", path.string() + "/"}).code == 4);
  BOOST_TEST(gmpsim_says({"validate", path.string()}).code == 4);
  const std::string good = write("good.json", kGood);
  const Said nowhere = gmpsim_says({"run", good, "--trace", file("no/such/folder/x.jsonl")});
  BOOST_TEST(nowhere.code == 4);
  BOOST_TEST(contains(nowhere.err, "no such file or directory"), nowhere.err);
  BOOST_TEST(gmpsim_says({"run", good, "--trace", path.string()}).code == 4);
  if (fs::exists("/dev/full")) {
    const Said full = gmpsim_says({"run", good, "--trace", "/dev/full"});
    BOOST_TEST(full.code == 4);
    BOOST_TEST(contains(full.err, "cannot write"), full.err);
  }
}

BOOST_AUTO_TEST_CASE(files_are_not_overwritten_without_being_asked) {
  const std::string good = write("good.json", kGood);
  const std::string trace = write("trace.jsonl", "precious");
  BOOST_TEST(gmpsim_says({"run", good, "--trace", trace}).code == 4);
  BOOST_TEST(read("trace.jsonl") == "precious");
  BOOST_TEST(gmpsim_says({"run", good, "--trace", trace, "--force"}).code == 0);
  BOOST_TEST(read("trace.jsonl").size() > 1000u);
  for (const auto& entry : fs::directory_iterator(path)) BOOST_TEST(!contains(entry.path().string(), ".tmp-"));
}

BOOST_AUTO_TEST_CASE(a_run_that_is_good_ends_with_0_and_the_same_bytes_every_time) {
  const std::string good = write("good.json", kGood);
  const Said first = gmpsim_says({"run", good});
  BOOST_TEST(first.code == 0, first.err);
  BOOST_TEST(contains(first.out, "PASS alive"), first.out);
  BOOST_TEST(contains(first.out, "fingerprint"));
  BOOST_TEST(gmpsim_says({"run", good}).out == first.out);
  BOOST_TEST(gmpsim_says({"run", "-"}, {.input = kGood}).out == first.out);
  BOOST_TEST(gmpsim_says({"run", good, "--seed", "2"}).out != first.out);
  const Said json = gmpsim_says({"run", good, "--format", "json"});
  Diagnostics problems;
  BOOST_TEST(parse_json(json.out, "out", problems).has_value());
  const Said line = gmpsim_says({"run", good, "--format", "jsonl"});
  BOOST_TEST(std::count(line.out.begin(), line.out.end(), '\n') == 1);
  BOOST_TEST(contains(gmpsim_says({"run", good, "--format", "csv"}).out, "scenario,policy,seed"));
}

BOOST_AUTO_TEST_CASE(results_do_not_depend_on_the_number_of_threads) {
  const std::string good = write("good.json", kGood);
  for (const std::string format : {"table", "json", "csv"}) {
    const Said one = gmpsim_says({"compare", good, "-n", "7", "-j", "1", "--format", format});
    const Said five = gmpsim_says({"compare", good, "-n", "7", "-j", "5", "--format", format});
    BOOST_TEST(one.code == 0, one.err);
    BOOST_TEST(one.out == five.out);
  }
  BOOST_TEST(gmpsim_says({"run", good, "-n", "6", "-j", "1"}).out ==
             gmpsim_says({"run", good, "-n", "6", "-j", "4"}).out);
  BOOST_TEST(gmpsim_says({"run", good, "-n", "6", "-j", "1", "--format", "jsonl"}).out ==
             gmpsim_says({"run", good, "-n", "6", "-j", "4", "--format", "jsonl"}).out);
}

BOOST_AUTO_TEST_CASE(compare_tells_where_policies_part) {
  const std::string good = write("good.json", kGood);
  const Said said = gmpsim_says({"compare", good, "-n", "3"});
  BOOST_TEST(contains(said.out, "stock and no-stealing part after"), said.out);
  const Said json = gmpsim_says({"compare", good, "-n", "3", "--format", "json", "--fail-if", "sched.switches > 0"});
  BOOST_TEST(json.code == 1);
  Diagnostics problems;
  const auto document = parse_json(json.out, "out", problems);
  BOOST_TEST_REQUIRE(document.has_value(), json.out);
  BOOST_TEST(document->find("firstDifferences") != nullptr);
  BOOST_TEST(document->find("failIf") != nullptr);
}

BOOST_AUTO_TEST_CASE(the_two_transitions_at_which_policies_part_read_differently) {
  const TraceInfo info;
  const GoroutineNames names(info);
  Transition a;
  a.kind = Kind::timer_set;
  a.value = 1'012'345;
  Transition b = a;
  b.value = 1'012'456;
  BOOST_TEST(told_apart(a, names, b, names).first == "timer 0 is set by the runtime for 1012345ns");
  BOOST_TEST(told_apart(a, names, b, names).second == "timer 0 is set by the runtime for 1012456ns");
  b.value = 9'000'000;
  BOOST_TEST(told_apart(a, names, b, names).second == "timer 0 is set by the runtime for 9.000ms");
  a.kind = b.kind = Kind::g_end;
  a.p = 1, b.p = 2;
  b.value = a.value;
  BOOST_TEST(told_apart(a, names, b, names).second == sentence(b, names) + " (P 2)");
  b.p = kNoP;
  BOOST_TEST(told_apart(a, names, b, names).second == sentence(b, names) + " (no P)");
}

BOOST_AUTO_TEST_CASE(never_sees_a_shared_variable_between_two_operations) {
  const std::string text = R"({"apiVersion": "gmpsim/v1", "kind": "Scenario", "metadata": {"name": "blip"},
    "runtime": {"profile": "go1.26", "gomaxprocs": 1}, "resources": {"x": {"type": "var"}},
    "programs": {"main": {"do": [{"set": {"x": "1"}}, {"set": {"x": "0"}}]}}, "start": [{"go": "main"}],
    "checks": {"small": {"never": "x > LIMIT"}}})";
  const auto with_limit = [&text](const std::string& limit) {
    return std::string(text).replace(text.find("LIMIT"), 5, limit);
  };
  BOOST_TEST(gmpsim_says({"run", write("blip-0.json", with_limit("0"))}).code == 1);
  BOOST_TEST(gmpsim_says({"run", write("blip-1.json", with_limit("1"))}).code == 0);
}

BOOST_AUTO_TEST_CASE(fail_if_knows_differences_from_values) {
  const std::string good = write("good.json", kGood);
  BOOST_TEST(gmpsim_says({"compare", good, "-n", "4", "--fail-if", "sched.switches > 100000000"}).code == 0);
  BOOST_TEST(gmpsim_says({"compare", good, "-n", "4", "--fail-if", "time.total > +900%"}).code == 0);
  const std::vector<std::string> beats{"compare", "tight-loop", "--policies", "cooperative,async",
                                       "-n",      "3",          "--fail-if",  "mark.beat.count > +5%"};
  const Said differs = gmpsim_says(beats);
  BOOST_TEST(differs.code == 1, differs.out << differs.err);
  BOOST_TEST(contains(differs.out, "async: mark.beat.count differs by"), differs.out);
  std::vector<std::string> dashboard = beats;
  dashboard.push_back("--exit-zero");
  BOOST_TEST(gmpsim_says(dashboard).code == 0);
}

BOOST_AUTO_TEST_CASE(an_unexpected_deadlock_is_a_finding_with_a_token_that_shows_it_again) {
  const std::string stuck = write("stuck.json", kDeadlock);
  const Said found = gmpsim_says({"run", stuck});
  BOOST_TEST(found.code == 1);
  BOOST_TEST(contains(found.out, "FAIL deadlock"), found.out);
  const std::string token = token_in(found.out);
  BOOST_TEST_REQUIRE(!token.empty());
  const Said again = gmpsim_says({"replay", token});
  BOOST_TEST(again.code == 1);
  BOOST_TEST(again.out == found.out);
  BOOST_TEST(contains(again.err, "replayed: the same"), again.err);
}

BOOST_AUTO_TEST_CASE(expectations_decide_what_is_a_finding) {
  const Said cooperative = gmpsim_says({"run", "tight-loop", "--policy", "cooperative"});
  BOOST_TEST(cooperative.code == 0, cooperative.out);
  BOOST_TEST(contains(cooperative.out, "as expected"));
  BOOST_TEST(contains(cooperative.out, "gmpsim replay g1-"));
  // Without the loops nobody starves, although it was expected.
  const Said nobody = gmpsim_says({"run", "tight-loop", "--policy", "cooperative", "--set", "params.spinners=0"});
  BOOST_TEST(nobody.code == 1, nobody.out);
  BOOST_TEST(contains(nobody.out, "expected to fail"));
}

BOOST_AUTO_TEST_CASE(a_changed_scenario_is_told_and_departs) {
  const std::string good = write("good.json", kGood);
  const std::string stored = file("run.schedule.json");
  BOOST_TEST_REQUIRE(gmpsim_says({"run", good, "--save-schedule", stored}).code == 0);
  const Said same = gmpsim_says({"replay", stored});
  BOOST_TEST(same.code == 0, same.err);
  BOOST_TEST(same.out == gmpsim_says({"run", good}).out);

  std::string changed = kGood;
  changed.replace(changed.find("30us"), 4, "31us");
  write("good.json", changed);
  const Said departed = gmpsim_says({"replay", stored});
  BOOST_TEST(departed.code == 5, departed.err);
  BOOST_TEST(contains(departed.err, "changed: the scenario is not the one of that run"), departed.err);
  BOOST_TEST(contains(departed.err, "departed: the run departs after"), departed.err);

  // More of the same: the questions that nobody had asked have no stored answer.
  changed = kGood;
  changed.replace(changed.find("\"default\": 20"), 13, "\"default\": 30");
  write("good.json", changed);
  const Said more = gmpsim_says({"replay", stored});
  BOOST_TEST(more.code == 5);
  BOOST_TEST(contains(more.err, "first choice that departs, at "), more.err);
  BOOST_TEST(contains(more.err, "G1 main asks for run, for the 21. time"), more.err);
  BOOST_TEST(contains(more.err, "good.json:"), more.err);
  BOOST_TEST(contains(more.err, "/programs/main/do/0/do/1"), more.err);
  BOOST_TEST(contains(more.err, "recorded  nothing: that run did not ask this"), more.err);
  BOOST_TEST(contains(more.err, "now       the random bits 0x"), more.err);
}

BOOST_AUTO_TEST_CASE(a_choice_between_other_alternatives_is_told_with_both_answers) {
  const auto scenario = [](const std::string& n) {
    return R"-({"apiVersion": "gmpsim/v1", "kind": "Scenario", "metadata": {"name": "dice"},
  "programs": {"main": {"do": [{"log": "x", "value": "rand()-" +
           n + R"-()"}, {"log": "y", "value": "rand(6)"}]}}, "start": [{"go": "main"}]})-";
  };
  const std::string dice = write("dice.json", scenario("6"));
  const std::string stored = file("dice.schedule.json");
  BOOST_TEST_REQUIRE(gmpsim_says({"run", dice, "--save-schedule", stored}).code == 0);
  write("dice.json", scenario("4"));
  const Said said = gmpsim_says({"replay", stored});
  BOOST_TEST(said.code == 5, said.err);
  BOOST_TEST(contains(said.err, "G1 main asks for log"), said.err);
  BOOST_TEST(contains(said.err, "dice.json:2:"), said.err);
  BOOST_TEST(contains(said.err, " of 6\n"), said.err);
  BOOST_TEST(contains(said.err, " of 4\n"), said.err);
}

BOOST_AUTO_TEST_CASE(a_mistake_in_a_condition_is_told_at_its_place_before_anything_runs) {
  const std::string wrong = write("wrong.json", R"({"apiVersion": "gmpsim/v1", "kind": "Scenario",
  "resources": {"x": {"type": "var"}},
  "programs": {"main": {"do": [{"mark": "done"}]}}, "start": [{"go": "main"}],
  "checks": {
    "a": {"require": "mark.dine.count > 0"},
    "b": {"never": "x > 1 &&"},
    "c": {"require": "sched.steels == 0 && y < 2"},
    "d": {"require": "mark.done.count == 1"}
  }})");
  for (const char* command : {"validate", "run"}) {
    const Said said = gmpsim_says({command, wrong});
    const std::string text = said.out + said.err;
    BOOST_TEST(said.code == 3, text);
    BOOST_TEST(contains(text, "wrong.json:5:28   /checks/a/require"), text);
    BOOST_TEST(contains(text, "did you mean \"done\"?"), text);
    BOOST_TEST(contains(text, "wrong.json:6:29   /checks/b/never"), text);
    BOOST_TEST(contains(text, "wrong.json:7:"), text);
    BOOST_TEST(!contains(text, "/checks/d"), text);
  }
}

BOOST_AUTO_TEST_CASE(an_option_takes_one_value_and_leaves_the_scenario_behind_it) {
  const std::string good = write("good.json", kGood);
  BOOST_TEST(gmpsim_says({"run", "--set", "params.times=2", good}).code == 0);
  BOOST_TEST(gmpsim_says({"run", "--set", "params.times=2", "--set", "/runtime/gomaxprocs=1", good}).code == 0);
  BOOST_TEST(gmpsim_says({"compare", "-n", "2", "--policies", "go1.19,go1.26", good}).code == 0);
  BOOST_TEST(gmpsim_says({"compare", "-n", "2", "-p", "go1.19", "-p", "go1.26", "-m", "time.total", good}).code == 0);
}

BOOST_AUTO_TEST_CASE(damaged_tokens_and_files_are_bad_input) {
  const Said found = gmpsim_says({"run", write("stuck.json", kDeadlock)});
  const std::string token = token_in(found.out);
  BOOST_TEST_REQUIRE(token.size() > 20u);
  for (const std::size_t length : {0u, 1u, 3u, 4u, 10u, static_cast<unsigned>(token.size() - 1)}) {
    const Said said = gmpsim_says({"replay", token.substr(0, length)});
    BOOST_TEST(said.code == (length == 0 ? 2 : 3), said.err);
  }
  std::string typo = token;
  typo[10] = typo[10] == 'A' ? 'B' : 'A';
  BOOST_TEST(gmpsim_says({"replay", typo}).code == 3);
  BOOST_TEST(gmpsim_says({"replay", write("empty.json", "")}).code == 3);
  BOOST_TEST(gmpsim_says({"replay", write("other.json", kGood)}).code == 3);
  BOOST_TEST(gmpsim_says({"replay", file("missing.json")}).code == 4);
  BOOST_TEST(gmpsim_says({"run", write("bad.json", "{ \"apiVersion\": ")}).code == 3);
  BOOST_TEST(gmpsim_says({"litmus", write("litmus.json", "{}")}).code == 3);
}

BOOST_AUTO_TEST_CASE(an_error_of_the_scenario_while_running_is_bad_input_with_its_place) {
  std::string wrong = kGood;
  wrong.replace(wrong.find("{ \"sleep\": \"1ms\" }"), 18, "{ \"let\": { \"x\": \"1 / (now() - now())\" } }");
  const Said said = gmpsim_says({"run", write("wrong.json", wrong)});
  BOOST_TEST(said.code == 3, said.err);
  BOOST_TEST(contains(said.err, "division"), said.err);
  BOOST_TEST(contains(said.err, "wrong.json:"), said.err);
}

BOOST_AUTO_TEST_CASE(a_limit_leaves_the_verdict_open) {
  std::string endless = kGood;
  endless.replace(endless.find("\"start\""), 7, "\"stop\": { \"max_events\": 50 }, \"start\"");
  const Said said = gmpsim_says({"run", write("endless.json", endless)});
  BOOST_TEST(said.code == 7, said.out << said.err);
}

BOOST_AUTO_TEST_CASE(colour_is_for_terminals_and_can_be_refused) {
  const std::string good = write("good.json", kGood);
  const auto coloured = [&](const Around& around, std::vector<std::string> more = {}) {
    std::vector<std::string> arguments{"run", good};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return contains(gmpsim_says(arguments, around).out, "\033[");
  };
  BOOST_TEST(!coloured({}));
  BOOST_TEST(coloured({.terminal = true}));
  BOOST_TEST(!coloured({.variables = {{"NO_COLOR", "1"}}, .terminal = true}));
  BOOST_TEST(coloured({.variables = {{"NO_COLOR", ""}}, .terminal = true}));
  BOOST_TEST(!coloured({.variables = {{"TERM", "dumb"}}, .terminal = true}));
  BOOST_TEST(!coloured({.terminal = true}, {"--color=never"}));
  BOOST_TEST(coloured({}, {"--color=always"}));
  BOOST_TEST(coloured({.variables = {{"NO_COLOR", "1"}}}, {"--color", "always"}));
}

BOOST_AUTO_TEST_CASE(ascii_is_ascii) {
  const std::string good = write("good.json", kGood);
  const auto pure = [](const std::string& text) {
    return std::all_of(text.begin(), text.end(), [](unsigned char c) { return c < 128; });
  };
  BOOST_TEST(pure(gmpsim_says({"run", good, "--ascii"}).out));
  BOOST_TEST(pure(gmpsim_says({"run", good}, {.variables = {{"LANG", "C"}}}).out));
  BOOST_TEST(!pure(gmpsim_says({"run", good}).out));
}

BOOST_AUTO_TEST_CASE(completion_scripts_parse_and_know_every_command) {
  for (const std::string shell : {"bash", "zsh", "fish"}) {
    const Said said = gmpsim_says({"completion", shell});
    BOOST_TEST(said.code == 0);
    for (const CommandTree& command : command_tree().commands) BOOST_TEST(contains(said.out, command.name));
    BOOST_TEST(contains(said.out, "tight-loop"));
    const std::string script = write("completion." + shell, said.out);
    const bool there = std::system(("command -v " + shell + " >/dev/null").c_str()) == 0;
    if (!there) continue;
    const int parsed = std::system((shell + (shell == "fish" ? " --no-execute " : " -n ") + script).c_str());
    BOOST_TEST(parsed == 0);
  }
  // bash completes what was begun.
  const std::string script = write("completion.bash", gmpsim_says({"completion", "bash"}).out);
  const auto completes = [&](const std::string& words, const std::string& expected) {
    const std::string test = ". " + script + "; COMP_WORDS=(gmpsim " + words +
                             "); COMP_CWORD=$((${#COMP_WORDS[@]}-1)); _gmpsim; [[ \" ${COMPREPLY[*]} \" == *\" " +
                             expected + " \"* ]]";
    return std::system(("bash -c '" + test + "'").c_str()) == 0;
  };
  BOOST_TEST(completes("comp", "compare"));
  BOOST_TEST(completes("run tight", "tight-loop"));
  BOOST_TEST(completes("run x --see", "--seed"));
  BOOST_TEST(completes("run --format js", "jsonl"));
  BOOST_TEST(completes("list sw", "switches"));
}

BOOST_AUTO_TEST_CASE(every_topic_can_be_listed_and_explained) {
  for (const TopicKind& kind : topic_kinds()) {
    BOOST_TEST_CONTEXT(kind.plural) {
      const Said listed = gmpsim_says({"list", kind.plural});
      BOOST_TEST(listed.code == 0);
      Diagnostics problems;
      BOOST_TEST(parse_json(gmpsim_says({"list", kind.plural, "--format", "json"}).out, "out", problems).has_value());
      const std::vector<Topic> topics = topics_of(kind.kind);
      BOOST_TEST(!topics.empty());
      for (const Topic& t : topics) {
        BOOST_TEST(t.cells.size() + 2 == kind.columns.size());
        BOOST_TEST(contains(listed.out, t.name));
      }
      const Said explained = gmpsim_says({"explain", topics.front().name});
      BOOST_TEST(explained.code == 0, explained.err);
      BOOST_TEST(contains(explained.out, topics.front().name));
    }
  }
  BOOST_TEST(contains(gmpsim_says({"explain", "e0107"}).out, "E0107"));
  BOOST_TEST(contains(gmpsim_says({"explain", "chan receive"}).out, "wait reason"));
}

BOOST_AUTO_TEST_CASE(templates_are_valid_run_and_are_never_overwritten) {
  for (const Topic& t : topics_of("template")) {
    BOOST_TEST_CONTEXT(t.name) {
      const std::string target = file(t.name + ".json");
      BOOST_TEST(gmpsim_says({"init", "my-" + t.name, "--template", t.name, "-o", target}).code == 0);
      const Said valid = gmpsim_says({"validate", "--strict", target});
      BOOST_TEST(valid.code == 0, valid.out);
      const Said run = gmpsim_says({"run", target});
      BOOST_TEST(run.code == 0, run.out << run.err);
      BOOST_TEST(gmpsim_says({"init", "my-" + t.name, "--template", t.name, "-o", target}).code == 4);
      BOOST_TEST(gmpsim_says({"fmt", "--check", target}).code <= 1);
    }
  }
  BOOST_TEST(gmpsim_says({"init", "No Name!"}).code == 2);
  BOOST_TEST(gmpsim_says({"init", "x", "--template", "worker-pol"}).code == 2);
}

BOOST_AUTO_TEST_CASE(validate_tells_all_in_every_format) {
  std::string wrong = kGood;
  wrong.replace(wrong.find("gomaxprocs"), 10, "gomaxproc");
  wrong.replace(wrong.find("\"1ms\""), 5, "5");
  const std::string bad = write("bad.json", wrong);
  const std::string good = write("good.json", kGood);
  const Said table = gmpsim_says({"validate", good, bad});
  BOOST_TEST(table.code == 3);
  BOOST_TEST(contains(table.out, "ok"));
  BOOST_TEST(contains(table.out, "did you mean \"gomaxprocs\"?"), table.out);
  BOOST_TEST(contains(table.out, ": exit 3"));
  for (const std::string format : {"json", "sarif"}) {
    const Said said = gmpsim_says({"validate", good, bad, "--format", format});
    Diagnostics problems;
    BOOST_TEST(parse_json(said.out, "out", problems).has_value(), said.out);
    BOOST_TEST(contains(said.out, "gomaxprocs"));
    BOOST_TEST(said.code == 3);
  }
}

BOOST_AUTO_TEST_CASE(fmt_is_a_fixed_point_and_keeps_comments_from_being_lost) {
  const std::string mine = write("mine.json", kGood);
  BOOST_TEST(gmpsim_says({"fmt", "--check", mine}).code == 1);
  BOOST_TEST(gmpsim_says({"fmt", mine}).code == 0);
  BOOST_TEST(gmpsim_says({"fmt", "--check", mine}).code == 0);
  const std::string commented = write("commented.json", std::string("// mine\n") + kGood);
  BOOST_TEST(gmpsim_says({"fmt", commented}).code == 3);
  BOOST_TEST(contains(read("commented.json"), "// mine"));
  BOOST_TEST(gmpsim_says({"fmt", "--drop-comments", commented}).code == 0);
  BOOST_TEST(!contains(read("commented.json"), "// mine"));
}

BOOST_AUTO_TEST_CASE(the_catalogue_in_the_binary_is_the_one_in_the_folder) {
  std::vector<std::string> files;
  const fs::path folder = fs::path(GMPSIM_SOURCE_DIR) / "scenarios" / "catalogue";
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.path().extension() == ".json") files.push_back(entry.path().stem().string());
  }
  std::sort(files.begin(), files.end());
  std::vector<std::string> names = catalogue_names();
  std::sort(names.begin(), names.end());
  BOOST_TEST(names == files, boost::test_tools::per_element());
  for (const CatalogueEntry& entry : catalogue()) {
    std::ifstream in(folder / entry.folder / (std::string(entry.name) + ".json"), std::ios::binary);
    BOOST_TEST(std::string(std::istreambuf_iterator<char>(in), {}) == entry.text);
  }
}

BOOST_AUTO_TEST_CASE(bugs_says_logged_nanoseconds_as_a_time_where_the_scenario_says_so) {
  const Said said = gmpsim_says({"bugs", "timer-behind-cpu-hogs"});
  BOOST_TEST(said.code == 0, said.err);
  BOOST_TEST(contains(said.out, "19.8ms"), said.out);
  BOOST_TEST(contains(gmpsim_says({"bugs", "timer-behind-cpu-hogs", "--format", "csv"}).out, ",1978"),
             "csv has the number");
}

BOOST_AUTO_TEST_CASE(explain_of_a_bug_names_the_table_of_bugs) {
  BOOST_TEST(contains(gmpsim_says({"explain", "mutex-barging"}).out, "gmpsim bugs mutex-barging"));
  BOOST_TEST(!contains(gmpsim_says({"explain", "mutex-hog"}).out, "gmpsim bugs"));
}

BOOST_AUTO_TEST_CASE(since_1_25_a_process_has_as_many_ps_as_its_quota_allows) {
  BOOST_TEST(contains(gmpsim_says({"run", "cgroup-throttle", "--policy", "old"}).out, "   32 P on 32 cores   "));
  BOOST_TEST(contains(gmpsim_says({"run", "cgroup-throttle", "--policy", "new"}).out, "   4 P on 32 cores   "));
}

BOOST_AUTO_TEST_CASE(schedtrace_prints_lines_of_go_and_the_run_can_be_replayed) {
  const std::string good = write("good.json", kGood);
  const Said said = gmpsim_says({"run", good, "--schedtrace", "1ms"});
  BOOST_TEST(said.code == 0, said.err);
  BOOST_TEST(said.out.starts_with("SCHED 0ms: gomaxprocs=2 idleprocs="), said.out);
  BOOST_TEST(gmpsim_says({"run", good, "--schedtrace", "1ms", "--format", "json"}).code == 2);
  BOOST_TEST(contains(gmpsim_says({"run", good, "--schedtrace", "1ms,detail"}).out, "  P0: status="));
}

BOOST_AUTO_TEST_CASE(doctor_finds_this_machine_deterministic) {
  const Said said = gmpsim_says({"doctor"});
  BOOST_TEST(said.code == 0, said.out);
  BOOST_TEST(contains(said.out, "healthy"));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace gmpsim
