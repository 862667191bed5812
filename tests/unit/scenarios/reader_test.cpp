#include "scenarios/reader.hpp"

#include <algorithm>
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <fstream>
#include <ostream>
#include <sstream>

#include "documents.hpp"
#include "scenarios/extends.hpp"

using namespace gmpsim;
namespace bdata = boost::unit_test::data;

namespace gmpsim::documents {
std::ostream& operator<<(std::ostream& out, const Change& c) { return out << c.name; }
}  // namespace gmpsim::documents

namespace {

std::string changed(const char* patch) {
  Diagnostics out;
  auto base = parse_json(documents::kBase, "base.json", out);
  auto change = parse_json(patch, "patch", out);
  BOOST_TEST_REQUIRE((base && change));
  merge_patch(*base, std::move(*change));
  return to_json(*base);
}

std::optional<Scenario> read(std::string text, Diagnostics& out, ReadOptions options = {}) { return read_scenario(std::move(text), "base.json", options, out); }

Scenario good(std::string text, ReadOptions options = {}) {
  Diagnostics out;
  auto s = read(std::move(text), out, std::move(options));
  BOOST_TEST_REQUIRE(s.has_value(), out.render(false));
  return std::move(*s);
}

std::string file_text(const std::string& path) {
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  BOOST_TEST_REQUIRE(!text.str().empty());
  return text.str();
}

/// Files that exist only here.
ReadOptions with_files(std::vector<std::pair<std::string, std::string>> files) {
  ReadOptions options;
  options.load = [files = std::move(files)](const std::string& path) -> std::optional<std::string> {
    for (const auto& [name, text] : files) {
      if (name == path) return text;
    }
    return std::nullopt;
  };
  return options;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(reader)

BOOST_DATA_TEST_CASE(each_mistake_has_its_code_and_place, bdata::make(documents::kChanges), change) {
  Diagnostics out;
  const auto s = read(changed(change.patch), out);
  const std::string code = change.code;
  BOOST_TEST(s.has_value() == code.empty(), out.render(false));
  if (code.empty()) return;
  BOOST_TEST_REQUIRE(!out.all().empty());
  const Diagnostic& first = out.all().front();
  BOOST_TEST(first.code == code, out.render(false));
  BOOST_TEST(first.pointer == change.place, out.render(false));
  BOOST_TEST(first.line > 0u);
}

BOOST_AUTO_TEST_CASE(the_base_is_typed_as_written) {
  const Scenario s = good(documents::kBase);
  BOOST_TEST(s.metadata.name == "base");
  BOOST_TEST(s.machine.cores == 2);
  BOOST_TEST(s.runtime.gomaxprocs == 2);
  BOOST_TEST(s.runtime.overrides.size() == 2u);
  BOOST_TEST(s.policies.size() == 2u);
  BOOST_TEST(s.policy("rich")->params.at(1).name == "runnext");
  BOOST_TEST((s.resource("jobs")->type == ResourceType::chan));
  BOOST_TEST(s.resource("jobs")->cap == 10);
  BOOST_TEST(s.resource("cv")->mutex == "mu");
  BOOST_TEST(s.resource("slots")->array.value() == 3);
  BOOST_TEST((s.resource("slots")->init == std::vector<std::int64_t>{1, 2, 3}));
  BOOST_TEST(s.resource("beat")->period == 1'000'000);
  BOOST_TEST(s.program("worker")->class_name == "batch");
  BOOST_TEST(s.program("worker")->body.node->items.size() == 2u);
  BOOST_TEST(s.program("worker")->body.pointer == "/programs/worker/do");
  BOOST_TEST(s.start.at(1).count == 4);  // the parameter
  BOOST_TEST(s.start.at(1).args.at(0).value.node->text == "index");
  BOOST_TEST(s.stop.after.value() == 1'000'000'000);
  BOOST_TEST(s.stop.when_done == "main");
  BOOST_TEST((s.metrics.percentiles == std::vector<std::int64_t>{50'000'000, 99'900'000}));
  BOOST_TEST(s.checks.at(1).kind == "bounded_wait");
  BOOST_TEST(s.checks.at(1).warn);
  BOOST_TEST(s.checks.at(1).max.value() == 20'000'000);
  BOOST_TEST(s.checks.at(1).who == "class:batch");
  BOOST_TEST(s.checks.at(3).expression == "span.work.p99 <= 8ms");
  BOOST_TEST(s.expect.size() == 2u);
  BOOST_TEST((s.expect.at(1).verdict == Expected::any));
  BOOST_TEST(s.random.replications == 3);
  BOOST_TEST(s.sweep.matrix.at(0).values.size() == 2u);
  BOOST_TEST(s.not_yet.empty());
  BOOST_TEST(s.param("work")->value == 250'000);
  BOOST_TEST((s.param("rate")->unit == Param::Unit::rate));
}

BOOST_AUTO_TEST_CASE(the_examples_of_the_format_read) {
  for (const char* name : {"worker-pool", "tight-loop", "cgo-storm", "cockroach-10214-bug"}) {
    BOOST_TEST_CONTEXT(name) {
      const Scenario s = good(file_text(std::string(GMPSIM_SOURCE_DIR "/tests/data/scenarios/") + name + ".json"));
      BOOST_TEST(s.metadata.name == name);
      if (s.metadata.name == "worker-pool") {
        BOOST_TEST(s.resource("db")->latency->p99.value() == 4'000'000);
        BOOST_TEST(s.arrivals.at(0).rate.count == 9000);
        BOOST_TEST(s.arrivals.at(0).rate.per == 1'000'000'000);
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(all_problems_come_at_once_and_point_at_the_line) {
  Diagnostics out;
  BOOST_TEST(!read("{\n  \"apiVersion\": \"gmpsim/v1\", \"kind\": \"Scenario\",\n"
                   "  \"runtime\": { \"profile\": \"go1.26\", \"gomaxproc\": 4 },\n"
                   "  \"programs\": { \"main\": { \"do\": [] } },\n"
                   "  \"start\": [ { \"go\": \"mian\" } ],\n"
                   "  \"stop\": { \"after\": 5 }\n}", out).has_value());
  BOOST_TEST_REQUIRE(out.errors() == 3u, out.render(false));
  const std::string text = out.render(false);
  BOOST_TEST(text.find("error[E0107]: unknown key \"gomaxproc\"\n --> base.json:3:37   /runtime/gomaxproc\n") != std::string::npos, text);
  BOOST_TEST(text.find("^^^^^^^^^^^ did you mean \"gomaxprocs\"?\n") != std::string::npos);
  BOOST_TEST(text.find("= known here: gomaxprocs, max_threads, note, overrides, profile") != std::string::npos);
  BOOST_TEST(text.find("error[E0212]: 5 is not a time\n --> base.json:6:22   /stop/after\n") != std::string::npos);
  BOOST_TEST(text.find("^ times are strings with a unit: \"5s\", \"5ms\", \"5us\", \"5ns\"\n") != std::string::npos);
  BOOST_TEST(text.find("did you mean \"main\"?") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(what_cannot_run_yet_is_read_and_listed) {
  const auto codes = [](const std::vector<Diagnostic>& list) {
    std::string text;
    for (const Diagnostic& d : list) text += d.code + " " + d.pointer + "\n";
    return text;
  };
  const Scenario s = good(changed(R"({"resources": {"h": {"type": "heap"}}, "arrivals": {"a": {"go": "main", "process": {"every": "1ms"}}}, "faults": [{"inject": {"gc": true}}],
      "machine": {"os_scheduler": "cfs"}, "policies": {"old": {"use": "go1.5"}, "cgo": {"use": "go1.26", "params": {"cgo_handoff": "on_entry"}}}})"));
  BOOST_TEST(codes(s.not_yet) == "E0900 /machine/os_scheduler\n");
  BOOST_TEST(s.policy("old")->not_yet.empty());
  BOOST_TEST(s.policy("cgo")->not_yet.empty());
  BOOST_TEST(s.policy("stock")->not_yet.empty());
  BOOST_TEST(s.refusals(*s.policy("old")).size() == 1u);
}

BOOST_AUTO_TEST_CASE(without_policies_there_is_one_that_is_the_profile) {
  const Scenario s = good(changed(R"({"policies": null, "runtime": {"profile": "go1.19"}})"));
  BOOST_TEST_REQUIRE(s.policies.size() == 1u);
  BOOST_TEST(s.policies[0].name == "go1.19");
  BOOST_TEST(s.policies[0].use == "go1.19");
}

BOOST_AUTO_TEST_CASE(a_channel_that_nobody_reads_is_a_warning_at_its_name) {
  Diagnostics out;
  const auto s = read(changed(R"({"resources": {"results": {"type": "chan", "cap": 128}, "in": {"type": "chan"}}, "programs": {"main": {"do": [{"send": "results", "value": 1}, {"recv": "in"}, {"mark": "sent"}]}, "idle": {"do": []}}})"), out);
  BOOST_TEST_REQUIRE(s.has_value(), out.render(false));
  BOOST_TEST_REQUIRE(out.warnings() == 4u, out.render(false));  // jobs has lost its sender, too
  const std::string text = out.render(false);
  BOOST_TEST(text.find("warning[W0301]: nobody receives from \"results\"") != std::string::npos);
  BOOST_TEST(text.find("^^^^^^^^^ 128 values fit; after that every sender blocks") != std::string::npos, text);
  BOOST_TEST(text.find("warning[W0302]: nobody sends to \"in\"") != std::string::npos);
  BOOST_TEST(text.find("warning[W0303]: nobody starts \"idle\"") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_channel_that_is_passed_on_is_no_warning) {
  Diagnostics out;
  BOOST_TEST(read(changed(R"({"resources": {"r": {"type": "chan"}}, "programs": {"main": {"do": [{"send": "jobs", "value": "r"}, {"send": "r"}, {"mark": "sent"}]}}})"), out).has_value());
  BOOST_TEST(out.warnings() == 0u, out.render(false));
}

// ---------------------------------------------------------------- parameters and overrides

BOOST_AUTO_TEST_CASE(an_override_of_a_parameter_reaches_every_use) {
  const Scenario s = good(documents::kBase, {.overrides = {{"params.workers", "16"}, {"/params/work", "1ms"}}});
  BOOST_TEST(s.start.at(1).count == 16);
  BOOST_TEST(s.param("workers")->value == 16);
  BOOST_TEST(s.param("work")->value == 1'000'000);
  const Node* run = s.program("worker")->body.node->items[0].find("do")->items[0].find("do")->items[0].find("run");
  BOOST_TEST(run->text == "1ms");
}

BOOST_AUTO_TEST_CASE(a_wrong_value_of_a_parameter_is_shown_at_its_use_with_where_it_comes_from) {
  Diagnostics out;
  BOOST_TEST(!read(changed(R"({"stop": {"after": {"param": "workers"}}})"), out).has_value());
  BOOST_TEST(out.all().at(0).message == "4 is not a time");
  BOOST_TEST(out.all().at(0).note == "the value comes from { \"param\": \"workers\" }");
}

BOOST_AUTO_TEST_CASE(overrides_reach_any_place_that_the_grammar_knows) {
  const Scenario s = good(documents::kBase, {.overrides = {{"/runtime/gomaxprocs", "8"},
                                                           {"/machine/context_switch", "2us"},      // a key that was not there
                                                           {"/start/1/count", "3"},
                                                           {"/runtime/overrides/gosched", "20ns"},  // a constant that was not there
                                                           {"/programs/main/do/0/times", "9"},
                                                           {"/stop", "{\"after\": \"2s\"}"}}});
  BOOST_TEST(s.runtime.gomaxprocs == 8);
  BOOST_TEST(s.machine.context_switch.value() == 2'000);
  BOOST_TEST(s.start.at(1).count == 3);
  BOOST_TEST(s.runtime.overrides.size() == 3u);
  BOOST_TEST(s.program("main")->body.node->items[0].find("times")->integer == 9);
  BOOST_TEST(s.stop.after.value() == 2'000'000'000);
  BOOST_TEST(s.stop.when_done == "");
}

BOOST_AUTO_TEST_CASE(a_wrong_override_is_an_error_that_suggests) {
  const auto told = [](const char* path, const char* value) {
    Diagnostics out;
    BOOST_TEST(!read(documents::kBase, out, {.overrides = {{path, value}}}).has_value());
    return out.all().empty() ? std::string() : out.all()[0].code + " " + out.all()[0].message + " | " + out.all()[0].hint;
  };
  BOOST_TEST(told("params.wrokers", "1") == "E0116 \"params.wrokers\" names nothing: there is no \"wrokers\" | did you mean \"workers\"?");
  BOOST_TEST(told("/runtime/gomaxproc", "1") == "E0116 \"/runtime/gomaxproc\" names nothing: there is no \"gomaxproc\" | did you mean \"gomaxprocs\"?");
  BOOST_TEST(told("/programs/main/do/7", "1").starts_with("E0116"));
  BOOST_TEST(told("/programs/mian/class", "x").starts_with("E0116"));
  BOOST_TEST(told("workers", "1").starts_with("E0116 \"workers\" is not a path"));
  BOOST_TEST(told("/apiVersion", "gmpsim/v2").starts_with("E0116"));
  BOOST_TEST(told("params.workers", "100").starts_with("E0220 100 is outside"));
  BOOST_TEST(told("/stop/after", "5").starts_with("E0212 5 is not a time"));
  BOOST_TEST(told("", "5").starts_with("E0116"));
  BOOST_TEST(told("params.work", "\xf1").starts_with("E0102"));
}

BOOST_AUTO_TEST_CASE(overrides_are_split_at_the_first_equals) {
  BOOST_TEST(parse_override("params.x=a=b")->path == "params.x");
  BOOST_TEST(parse_override("params.x=a=b")->value == "a=b");
  BOOST_TEST(parse_override("params.x=")->value == "");
  BOOST_TEST(!parse_override("params.x").has_value());
  BOOST_TEST(!parse_override("=5").has_value());
}

// ---------------------------------------------------------------- extends

BOOST_AUTO_TEST_CASE(a_scenario_laid_over_another_keeps_removes_and_replaces) {
  const auto options = with_files({{"lib/base.json", documents::kBase}, {"lib/small.json", R"({"apiVersion": "gmpsim/v1", "kind": "Scenario", "extends": "./base.json", "params": {"workers": {"default": 2}}})"}});
  const Scenario s = good(R"({"apiVersion": "gmpsim/v1", "kind": "Scenario", "extends": "lib/small.json", "metadata": {"name": "mine"}, "checks": {"slo": null}, "expect": null, "machine": {"cores": 8}, "metrics": {"percentiles": [90]}})", options);
  BOOST_TEST(s.metadata.name == "mine");
  BOOST_TEST(s.metadata.tags.size() == 2u);
  BOOST_TEST(s.param("workers")->value == 2);
  BOOST_TEST(s.machine.cores == 8);
  BOOST_TEST(s.checks.size() == 3u);
  BOOST_TEST(s.expect.empty());
  BOOST_TEST(s.metrics.percentiles.size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_problem_below_is_shown_in_the_file_that_has_it) {
  Diagnostics out;
  const auto options = with_files({{"b.json", "{\n\"apiVersion\": \"gmpsim/v1\", \"kind\": \"Scenario\",\n \"programs\": {\"main\": {\"do\": [], \"clas\": \"x\"}}, \"start\": [{\"go\": \"main\"}]}"}});
  BOOST_TEST(!read(R"({"apiVersion": "gmpsim/v1", "kind": "Scenario", "extends": "b.json"})", out, options).has_value());
  BOOST_TEST_REQUIRE(out.errors() == 1u, out.render(false));
  BOOST_TEST(out.all()[0].file == "b.json");
  BOOST_TEST(out.all()[0].line == 3u);
}

BOOST_AUTO_TEST_CASE(circles_long_chains_and_missing_files_are_told_with_the_chain) {
  const auto doc = [](const std::string& extends) { return R"({"apiVersion": "gmpsim/v1", "kind": "Scenario", "extends": ")" + extends + "\"}"; };
  const auto first = [&](const std::string& text, const ReadOptions& options) {
    Diagnostics out;
    BOOST_TEST(!read(text, out, options).has_value());
    BOOST_TEST_REQUIRE(out.errors() == 1u, out.render(false));
    return out.all()[0];
  };
  const Diagnostic circle = first(doc("b.json"), with_files({{"b.json", doc("sub/../c.json")}, {"c.json", doc("./b.json")}}));
  BOOST_TEST(circle.code == "E0112");
  BOOST_TEST(circle.note == "base.json -> b.json -> c.json -> b.json");
  BOOST_TEST(first(doc("base.json"), with_files({{"base.json", doc("base.json")}})).code == "E0112");
  const Diagnostic missing = first(doc("b.json"), with_files({{"b.json", doc("no.json")}}));
  BOOST_TEST(missing.code == "E0111");
  BOOST_TEST(missing.file == "b.json");
  BOOST_TEST(first(doc("b.json"), {}).code == "E0111");

  ReadOptions endless;
  endless.load = [&](const std::string& path) { return std::optional(doc("x" + path)); };
  BOOST_TEST(first(doc("x"), endless).code == "E0113");
  ReadOptions huge;
  huge.load = [&](const std::string&) { return std::optional(std::string(kMaxExtendedBytes + 1, ' ')); };
  BOOST_TEST(first(doc("x"), huge).code == "E0113");
}

BOOST_AUTO_TEST_CASE(paths_are_beside_the_file_that_extends) {
  BOOST_TEST(path_beside("a/b/c.json", "../d.json") == "a/d.json");
  BOOST_TEST(path_beside("c.json", "d.json") == "d.json");
  BOOST_TEST(path_beside("/x/c.json", "d.json") == "/x/d.json");
  BOOST_TEST(path_beside("a/c.json", "/d.json") == "/d.json");
  BOOST_TEST(path_beside("c.json", "../../d.json") == "../../d.json");
}

// ---------------------------------------------------------------- hash

BOOST_AUTO_TEST_CASE(the_hash_sees_what_can_change_a_result_and_nothing_else) {
  const std::uint64_t base = good(documents::kBase).hash;
  BOOST_TEST(good(changed(R"({"note": "n", "metadata": {"title": "t"}, "x-y": 1, "$schema": "s", "programs": {"main": {"note": "n"}}})")).hash == base);
  BOOST_TEST(good("// a comment\n" + std::string(documents::kBase)).hash == base);
  BOOST_TEST(good(changed(R"({"machine": {"cores": 3}})")).hash != base);
  BOOST_TEST(good(changed(R"({"programs": {"main": {"class": "x"}}})")).hash != base);
  BOOST_TEST(good(documents::kBase, {.overrides = {{"params.workers", "5"}}}).hash != base);
  BOOST_TEST(good(documents::kBase, {.overrides = {{"params.workers", "4"}}}).hash == base);
  Diagnostics out;
  BOOST_TEST(scenario_hash(*parse_json("{\"a\": 1}", "x", out)) == 13458508723445610675u);  // golden: the same on every machine
}

// ---------------------------------------------------------------- hostile documents

BOOST_AUTO_TEST_CASE(very_many_problems_end_soon) {
  std::string text = R"({"apiVersion": "gmpsim/v1", "kind": "Scenario", "programs": {"main": {"do": []}}, "start": [)";
  for (int i = 0; i < 100'000; ++i) text += std::string(i == 0 ? "" : ",") + "{\"go\":\"mainn\",\"att\":5,\"at\":\"5x\"}";
  text += "]}";
  Diagnostics out;
  BOOST_TEST(!read(text, out).has_value());
  BOOST_TEST(out.all().size() == Diagnostics::kLimit);
  BOOST_TEST(out.errors() >= Diagnostics::kEnough);
  BOOST_TEST(out.errors() < Diagnostics::kEnough + 10);
  BOOST_TEST(out.render(false).find(" more, at least\n") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(very_many_names_are_found_quickly) {
  std::string programs, resources, start;
  for (int i = 0; i < 20'000; ++i) {
    const std::string n = std::to_string(i), comma = i == 0 ? "" : ",";
    programs += comma + "\"p" + n + "\": {\"do\": []}";
    resources += comma + "\"c" + n + "\": {\"type\": \"context\"" + (i == 0 ? "" : ",\"parent\":\"c" + std::to_string(i - 1) + "\"") + "}";
    start += comma + "{\"go\": \"p" + n + "\"}";
  }
  Diagnostics out;
  const auto s = read(R"({"apiVersion": "gmpsim/v1", "kind": "Scenario", "programs": {)" + programs + "}, \"resources\": {" + resources + "}, \"start\": [" + start + "]}", out);
  BOOST_TEST(s.has_value(), out.render(false));
}

BOOST_AUTO_TEST_SUITE_END()
