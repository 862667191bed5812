// Exported programs: what is refused and where, types that are found, names that Go has taken; and the log of a run.

#include <boost/test/unit_test.hpp>
#include <regex>
#include <sstream>

#include "tests/unit/tools/command_line.hpp"

namespace gmpsim {
namespace {

std::string scenario(const std::string& main, const std::string& resources = "", const std::string& more = "") {
  return R"({"apiVersion":"gmpsim/v1","kind":"Scenario","runtime":{"gomaxprocs":1},"resources":{)" + resources +
         R"(},"programs":{"main":{"do":[)" + main + "]}" + more + R"(},"start":[{"go":"main"}]})";
}

Said exported(const std::string& text, std::vector<std::string> more = {}) {
  std::vector<std::string> arguments{"export", "-", "--to", "go"};
  arguments.insert(arguments.end(), more.begin(), more.end());
  return gmpsim_says(arguments, {.input = text, .variables = {}});
}

}  // namespace

BOOST_AUTO_TEST_SUITE(go_programs)

BOOST_AUTO_TEST_CASE(what_only_a_model_can_do_is_refused_at_its_place) {
  const auto refused = [](const std::string& main, const std::string& place) {
    const Said said = exported(scenario(main));
    BOOST_TEST(said.code == 3);
    BOOST_TEST(contains(said.err, "error[E0910]"), said.err);
    BOOST_TEST(contains(said.err, place), said.err);
    BOOST_TEST(said.out.empty());
  };
  refused(R"({"run":"1ms","preempt":"never"})", "/programs/main/do/0");
  refused(R"({"log":"x"},{"let":{"n":"goroutines.runnable"}},{"log":"n","value":"n"})", "/programs/main/do/1/let/n");
  const std::string policies = R"({"apiVersion":"gmpsim/v1","kind":"Scenario","policies":{"p":{"use":"go1.26",
    "params":{"runnext":false}},"q":{"use":"go1.26","params":{"preempt":"cooperative"}}},
    "programs":{"main":{"do":[{"yield":true}]}},"start":[{"go":"main"}]})";
  const Said model = exported(policies);
  BOOST_TEST(model.code == 3);
  BOOST_TEST(contains(model.err, "/policies/p/params/runnext"), model.err);
  const Said real = exported(policies, {"--policy", "q"});
  BOOST_TEST(real.code == 0, real.err);
  BOOST_TEST(contains(real.out, "asyncpreemptoff=1"));
}

BOOST_AUTO_TEST_CASE(a_variable_of_two_types_is_refused) {
  const Said said = exported(scenario(R"({"let":{"x":"1"}},{"log":"a","value":"x"},{"let":{"x":"c"}},{"recv":"x"})",
                                      R"("c":{"type":"chan"})"));
  BOOST_TEST(said.code == 3);
  BOOST_TEST(contains(said.err, "an integer"), said.err);
  BOOST_TEST(contains(said.err, "a channel"), said.err);
}

BOOST_AUTO_TEST_CASE(types_are_found_across_programs) {
  const Said said = exported(scenario(R"x({"let":{"reply":"newchan(1)"}
},{"go":"server","args":{"to":"reply"}},
      {"recv":"reply","as":["a","lock"]},{"lock":"lock"},{"log":"a","value":"a"})x",
                                      R"("m":{"type":"mutex"})",
                                      R"(,"server":{"args":["to"],"do":[{"send":"to","value":[4,"m"]}]})"));
  BOOST_TEST(said.code == 0, said.err);
  BOOST_TEST(contains(said.out, "reply := make(chan tuple1, 1)"), said.out.substr(0, 2000));
  BOOST_TEST(contains(said.out, "func server(g *goroutine, to chan tuple1)"));
  BOOST_TEST(contains(said.out, "v1 *sync.Mutex"));
  BOOST_TEST(contains(said.out, "to <- tuple1{4, m}"));
}

BOOST_AUTO_TEST_CASE(a_channel_that_goes_through_itself_has_a_named_type) {
  const Said self = exported(scenario(R"x({"let":{"c":"newchan(1)"}},{"send":"c","value":"c"})x"));
  BOOST_TEST(self.code == 0, self.err);
  BOOST_TEST(contains(self.out, "type recursive1 chan recursive1\n"));
  BOOST_TEST(contains(self.out, "c := make(recursive1, 1)"));
  const Said two = exported(scenario(R"({"send":"c","value":[1,"d"]},{"send":"d","value":"c"})",
                                     R"("c":{"type":"chan"},"d":{"type":"chan"})"));
  BOOST_TEST(two.code == 0, two.err);
  BOOST_TEST(contains(two.out, "type recursive1 chan tuple1\n"), two.out.substr(0, 2000));
  BOOST_TEST(contains(two.out, "type recursive2 chan recursive1\n"));
}

BOOST_AUTO_TEST_CASE(names_that_go_has_taken_are_changed) {
  const Said said = exported(scenario(R"({"let":{"func":"3","g":"func + 1"}},{"log":"g","value":"g"})"));
  BOOST_TEST(said.code == 3);  // func is not seen by its own let
  const Said good = exported(scenario(R"({"let":{"func":"3"}},{"let":{"g":"func + 1"}},{"log":"g","value":"g"})"));
  BOOST_TEST(good.code == 0, good.err);
  BOOST_TEST(contains(good.out, "g_ := add(func_, 1)"));
}

// Every one at once, as a resource and as a program.
BOOST_AUTO_TEST_CASE(names_of_an_exported_program_are_taken) {
  const auto declared = [](const std::string& program) {
    std::vector<std::string> names;  // but for the words of the scenario language
    std::istringstream lines(program);
    bool block = false;
    for (std::string line; std::getline(lines, line);) {
      std::smatch found;
      if (std::regex_search(line, found, std::regex("^(?:func|type|var|const) ([A-Za-z_]\\w*)")))
        names.push_back(found[1]);
      else if (block && std::regex_search(line, found, std::regex("^\t(?:\"(?:\\w+/)*)?([A-Za-z_]\\w*)")))
        names.push_back(found[1]);
      block = line == "import (" || line == "const (" || (block && line != ")");
    }
    names.erase(std::remove(names.begin(), names.end(), "runtime"), names.end());
    return names;
  };
  const Said all = gmpsim_says({"export", GMPSIM_SOURCE_DIR "/tests/data/scenarios/every-verb.json", "--to", "go"});
  BOOST_TEST_REQUIRE(all.code == 0, all.err);
  std::vector<std::string> names = declared(all.out);
  BOOST_TEST_REQUIRE(names.size() > 150u);
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  std::string resources, programs, main;
  for (const std::string& name : names) {
    resources += (resources.empty() ? "\"" : ",\"") + name + R"(":{"type":"mutex"})";
    main += (main.empty() ? R"({"lock":")" : R"(,{"lock":")") + name + R"("})";
    if (name != "main") programs += ",\"" + name + R"(":{"do":[{"yield":true}]})";
  }
  const Said said = exported(scenario(main, resources, programs));
  BOOST_TEST_REQUIRE(said.code == 0, said.err);
  std::vector<std::string> now = declared(said.out);
  std::sort(now.begin(), now.end());
  const auto twice = std::adjacent_find(now.begin(), now.end());
  BOOST_TEST((twice == now.end()), *twice << " is declared twice");
}

BOOST_AUTO_TEST_CASE(what_is_only_ever_nil_has_the_type_of_its_use) {
  const auto settled = [](const std::string& main, const std::string& type) {
    const Said said = exported(scenario(main, R"("z":{"type":"var"})"));
    BOOST_TEST(said.code == 0, said.err);
    BOOST_TEST(contains(said.out, "var z shared[" + type + "]\n"), said.out.substr(0, 1500));
  };
  settled(R"({"lock":"z"})", "*sync.Mutex");
  settled(R"({"lock":"z"},{"rlock":"z"})", "*sync.RWMutex");
  settled(R"({"close":"z"})", "chan int64");
  settled(R"x({"log":"n","value":"len(z)"})x", "chan int64");
  settled(R"({"stop":"z"})", "*time.Timer");
  settled(R"({"wg_done":"z"})", "*sync.WaitGroup");
  settled(R"({"put":"z","value":1})", "*sync.Pool");
  settled(R"x({"log":"e","value":"err(z)"})x", "*scope");
}

BOOST_AUTO_TEST_CASE(what_has_another_type_than_its_use_is_refused) {
  const auto refused = [](const std::string& use, const std::string& place) {
    const Said said =
        exported(scenario(R"x({"let":{"c":"newchan(2)","t":"new(m)"}},)x" + use, R"("m":{"type":"mutex"})"));
    BOOST_TEST(said.code == 3, use);
    BOOST_TEST(contains(said.err, "error[E0910]"), said.err);
    BOOST_TEST(contains(said.err, place), said.err);
  };
  refused(R"({"lock":"c"})", "/programs/main/do/1/lock");
  refused(R"({"stop":"c"})", "/programs/main/do/1/stop");
  refused(R"({"close":"t"})", "/programs/main/do/1/close");
  refused(R"({"recv":"t"})", "/programs/main/do/1/recv");
  refused(R"({"send":"t"})", "/programs/main/do/1/send");
  refused(R"({"range":"t","do":[]})", "/programs/main/do/1/range");
  refused(R"x({"log":"x","value":"len(t)"})x", "/programs/main/do/1/value");
}

BOOST_AUTO_TEST_CASE(what_the_model_refuses_at_run_time_the_program_refuses_too) {
  const Said said =
      exported(scenario(R"x({"let":{"n":"now()"}},{"gomaxprocs":"n"},{"gomaxprocs":2},{"acquire":"s","n":2})x",
                        R"("s":{"type":"semaphore","count":1})"));
  BOOST_TEST(said.code == 0, said.err);
  BOOST_TEST(contains(said.out, "runtime.GOMAXPROCS(int(count(n)))"), said.out.substr(0, 2000));
  BOOST_TEST(contains(said.out, "runtime.GOMAXPROCS(2)"));
  BOOST_TEST(contains(said.out, "if n > s.size {"));
}

BOOST_AUTO_TEST_CASE(goroutines_that_begin_at_the_same_later_time_share_a_timer) {
  const Said said = exported(R"({"apiVersion":"gmpsim/v1","kind":"Scenario","start":[{"go":"main"},
    {"go":"w","count":3,"at":"5ms","args":{"i":"index"}},{"go":"main","at":"5ms"}],"stop":{"when_done":"w"},
    "programs":{"main":{"do":[{"yield":true}]},"w":{"args":["i"],"do":[{"log":"x","value":"i"}]}}})");
  BOOST_TEST(said.code == 0, said.err);
  BOOST_TEST(contains(said.out,
                      "\tlater(5*time.Millisecond, 3, func() {\n"
                      "\t\tfor index := int64(0); index < 3; index++ {\n"
                      "\t\t\tindex := index\n"
                      "\t\t\tenter(\"w\", func(g *goroutine) { w(g, index) })\n"
                      "\t\t}\n"
                      "\t\tenter(\"main\", mainProgram)\n"
                      "\t})\n"),
             said.out);
}

BOOST_AUTO_TEST_CASE(what_is_stored_but_never_read_is_no_variable_in_go) {
  const Said said = exported(scenario(R"({"let":{"x":"1"}},{"recv":"c","as":"y","ok":"z"})", R"("c":{"type":"chan"})"));
  BOOST_TEST(said.code == 0, said.err);
  BOOST_TEST(contains(said.out, "\t<-c\n"));
  BOOST_TEST(!contains(said.out.substr(0, said.out.find("// What follows")), "x :="));
}

BOOST_AUTO_TEST_CASE(export_says_what_it_needs) {
  BOOST_TEST(gmpsim_says({"export"}).code == 2);
  BOOST_TEST(gmpsim_says({"export", "worker-pool"}).code == 2);
  BOOST_TEST(gmpsim_says({"export", "worker-pool", "--to", "rust"}).code == 2);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(run_logs)

BOOST_AUTO_TEST_CASE(a_log_is_what_the_scenario_says_in_order_then_the_end) {
  const Said said =
      gmpsim_says({"run", "-", "--format", "log"},
                  {.input = scenario(R"({"go":"child"},{"log":"one","value":[1,"c"]},{"mark":"m"},
      {"span":"s","do":[{"log":"none"}]},{"assert":"1 == 2","label":"sums"},{"recv":"c"})",
                                     R"("c":{"type":"chan"})", R"(,"child":{"do":[{"log":"one","value":-2}]})"),
                   .variables = {}});
  BOOST_TEST(said.out ==
             "G1 main: log one = 1 c\n"
             "G1 main: mark m\n"
             "G1 main: log none\n"
             "G1 main: span s\n"
             "G1 main: assert sums\n"
             "G2 child: log one = -2\n"
             "outcome: deadlock: all goroutines are asleep - deadlock!\n"
             "count: assert sums: 1\n"
             "count: log none: 1\n"
             "count: log one: 2\n"
             "count: mark m: 1\n"
             "count: span s: 1\n"
             "blocked: G1 main: chan receive\n");
  BOOST_TEST(gmpsim_says({"run", "worker-pool", "--format", "log", "-n", "3"}).code == 2);
}

BOOST_AUTO_TEST_CASE(a_run_that_meets_an_error_of_the_scenario_tells_what_was_before) {
  const auto said = [](const char* format) {
    return gmpsim_says({"run", "-", "--format", format},
                       {.input = scenario(R"({"log":"one","value":1},{"send":"c","value":[1,2]},{"recv":"c","as":"a"})",
                                          R"("c":{"type":"chan","cap":1})")});
  };
  const Said log = said("log");
  BOOST_TEST(log.code == 3);
  BOOST_TEST(contains(log.out, "G1 main: log one = 1\noutcome: error: "), log.out);
  BOOST_TEST(contains(log.err, "/programs/main/do/2"), log.err);
  const Said json = said("json");
  BOOST_TEST(json.code == 3);
  BOOST_TEST(contains(json.out, "\"how\": \"error\""), json.out.substr(0, 500));
  BOOST_TEST(said("table").out.empty());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace gmpsim
