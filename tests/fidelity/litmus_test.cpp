// Recorded programs of real Go, through reader, compiler, interpreter and model: all identical.

#include "scenarios/litmus.hpp"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <fstream>
#include <sstream>
#include <string>

using namespace gmpsim;

namespace {

std::string slurp(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  BOOST_TEST_REQUIRE(file.good(), "cannot read " << path);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

LitmusFile recording(const std::string& name) {
  Diagnostics problems;
  auto file = read_litmus(slurp(GMPSIM_SOURCE_DIR "/tests/data/litmus/" + name), name, problems);
  BOOST_TEST_REQUIRE(file.has_value(), problems.render(false));
  return std::move(*file);
}

const char* const kFiles[] = {"order-go1.19.json", "order-go1.26.json", "random-go1.19.json", "random-go1.26.json"};

// Made with `gmpsim litmus record` on eight versions.
const char* const kRecorded[] = {
    "recorded-order-go1.19.json", "recorded-order-go1.21.json", "recorded-order-go1.22.json",
    "recorded-order-go1.23.json", "recorded-order-go1.24.json", "recorded-order-go1.25.json",
    "recorded-order-go1.26.json", "recorded-order-go1.27.json", "recorded-mixed-go1.19.json",
    "recorded-mixed-go1.21.json", "recorded-mixed-go1.22.json", "recorded-mixed-go1.23.json",
    "recorded-mixed-go1.24.json", "recorded-mixed-go1.25.json", "recorded-mixed-go1.26.json",
    "recorded-mixed-go1.27.json"};

// A deadlock of two goroutines, in which anything can be changed.
std::string tiny(const std::string& events, const std::string& blocked,
                 const std::string& message = "all goroutines are asleep - deadlock!") {
  return R"({"kind":"LitmusRecording","go":"go1.26.8","preset":"go1.26","env":"GODEBUG=asyncpreemptoff=1","entries":[
    {"program":{"chans":[0],"bodies":[[["go",1],["recv",0],["recv",0]],[["send",0]]]},
    "events":)" +
         events + R"(,"outcome":"deadlock","message":")" + message + R"(","blocked":)" + blocked + "}]}";
}
const std::string kEvents = "[[0,0,1],[1,0,0],[0,1,100]]";
const std::string kBlocked = R"([[0,"chan receive"]])";

LitmusResult judge(const std::string& text) {
  Diagnostics problems;
  const auto file = read_litmus(text, "tiny.json", problems);
  BOOST_TEST_REQUIRE(file.has_value(), problems.render(false));
  return run_litmus(*file, 0);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(litmus)

BOOST_DATA_TEST_CASE(every_recorded_program_is_identical, boost::unit_test::data::make(kFiles), name) {
  const LitmusFile file = recording(name);
  BOOST_TEST(file.entries.size() >= 191u);
  for (std::size_t i = 0; i < file.entries.size(); ++i) {
    const LitmusResult r = run_litmus(file, i);
    BOOST_TEST((r.verdict == LitmusResult::Verdict::identical), name << " program " << i << ": " << r.difference << '\n'
                                                                     << litmus_side_by_side(file, i, r));
  }
}

BOOST_DATA_TEST_CASE(every_version_between_is_identical, boost::unit_test::data::make(kRecorded), name) {
  const LitmusFile file = recording(name);
  BOOST_TEST(file.entries.size() >= 37u);
  for (std::size_t i = 0; i < file.entries.size(); ++i) {
    const LitmusResult r = run_litmus(file, i);
    BOOST_TEST((r.verdict == LitmusResult::Verdict::identical), name << " program " << i << ": " << r.difference << '\n'
                                                                     << litmus_side_by_side(file, i, r));
  }
}

BOOST_AUTO_TEST_CASE(only_wait_reasons_part_the_two_versions) {
  const LitmusFile old = recording("order-go1.19.json");
  std::size_t differ = 0;
  for (std::size_t i = 0; i < old.entries.size(); ++i) {
    const LitmusResult r = run_litmus(old, i, "go1.26");
    if (r.verdict == LitmusResult::Verdict::identical) continue;
    ++differ;
    BOOST_TEST(r.difference.rfind("blocked: ", 0) == 0u, i << ": " << r.difference);
    BOOST_TEST(r.difference.find("semacquire") != std::string::npos, i << ": " << r.difference);
  }
  BOOST_TEST(differ > 20u);
}

// Computing, sleeping, system calls, timers and locked threads, with times. Everything runs. What differs hangs on when
// exactly sysmon looked (README.md beside the recordings); the number of identical programs may only go up.
BOOST_AUTO_TEST_CASE(nineteen_of_twenty_timed_programs_are_identical) {
  struct Floor {
    const char* name;
    std::size_t nominal;    // in the nominal phase of sysmon
    std::size_t identical;  // in one of the phases that the recording machine had
  };
  for (const Floor& floor : {Floor{"mixed-go1.19.json", 245, 248}, Floor{"mixed-go1.26.json", 246, 248},
                             Floor{"timed-go1.19.json", 296, 303}, Floor{"timed-go1.26.json", 289, 298}}) {
    const LitmusFile file = recording(floor.name);
    BOOST_TEST(file.warmed_up);
    BOOST_TEST(litmus_sleep(file, 20'000) == 39'000);
    std::size_t nominal = 0, identical = 0;
    for (std::size_t i = 0; i < file.entries.size(); ++i) {
      const LitmusResult r = run_litmus(file, i);
      BOOST_TEST((r.verdict != LitmusResult::Verdict::unsupported), floor.name << " program " << i);
      if (r.verdict != LitmusResult::Verdict::identical) continue;
      ++identical;
      if (r.phase == 0) ++nominal;
    }
    BOOST_TEST(nominal >= floor.nominal, floor.name << ": " << nominal);
    BOOST_TEST(identical >= floor.identical, floor.name << ": " << identical);
    BOOST_TEST(identical * 20 >= file.entries.size() * 19, floor.name);
  }
}

BOOST_AUTO_TEST_CASE(a_recording_that_is_right_is_identical) {
  BOOST_TEST((judge(tiny(kEvents, kBlocked)).verdict == LitmusResult::Verdict::identical));
}

BOOST_AUTO_TEST_CASE(whatever_is_changed_is_noticed) {
  const auto difference = [](const std::string& text) { return judge(text).difference; };
  BOOST_TEST(difference(tiny("[[0,0,1],[0,1,100],[1,0,0]]", kBlocked)) ==
             "event 1: recorded goroutine 0 step 1 value 100, model goroutine 1 step 0 value 0");
  BOOST_TEST(difference(tiny("[[0,0,1],[1,0,0],[0,1,101]]", kBlocked)) ==
             "event 2: recorded goroutine 0 step 1 value 101, model goroutine 0 step 1 value 100");
  BOOST_TEST(difference(tiny("[[0,0,1],[1,0,0]]", kBlocked)) ==
             "event 2: the recording ended before, model goroutine 0 step 1 value 100");
  BOOST_TEST(difference(tiny("[[0,0,1],[1,0,0],[0,1,100],[1,1,0]]", kBlocked)) ==
             "event 3: recorded goroutine 1 step 1 value 0, the model ended before");
  BOOST_TEST(difference(tiny(kEvents, R"([[0,"chan send"]])")) ==
             R"(blocked: recorded goroutine 0 "chan send", model goroutine 0 "chan receive")");
  BOOST_TEST(difference(tiny(kEvents, "[]")) == R"(blocked: recorded nobody, model goroutine 0 "chan receive")");
  BOOST_TEST(difference(tiny(kEvents, kBlocked, "boom")) ==
             R"(message: recorded "boom", model "all goroutines are asleep - deadlock!")");
}

BOOST_AUTO_TEST_CASE(side_by_side_marks_the_line_that_differs) {
  Diagnostics problems;
  const auto file = read_litmus(tiny("[[0,0,1],[1,0,0],[0,1,101]]", kBlocked), "tiny.json", problems);
  BOOST_TEST_REQUIRE(file.has_value());
  const std::string text = litmus_side_by_side(*file, 0, run_litmus(*file, 0));
  BOOST_TEST(text.find("> 2         g0 step 1 recv 0 = 101") != std::string::npos, text);
  BOOST_TEST(text.find("  1         g1 step 0 send 0 = 0") != std::string::npos, text);
}

// Two ready cases: both outcomes are right, a third is not.
BOOST_AUTO_TEST_CASE(what_chance_decides_agrees_with_either_recording) {
  const auto text = [](int taken) {
    return R"x({"kind":"LitmusRecording","go":"go1.26.8","preset":"go1.26","entries":[
      {"program":{"chans":[1,1],"bodies":[[["select",[["send",0],["send",1]],false]]]},"events":[[0,0,)x" +
           std::to_string(taken) + R"x(]],"outcome":"deadlock",
       "message":"all goroutines are asleep - deadlock!","blocked":[[0,"select (no cases)"]]}]})x";
  };
  BOOST_TEST((judge(text(0)).verdict == LitmusResult::Verdict::identical));
  BOOST_TEST((judge(text(1)).verdict == LitmusResult::Verdict::identical));
  BOOST_TEST((judge(text(9)).verdict == LitmusResult::Verdict::differs));
}

// Any prefix and any flipped byte of a recording is answered with diagnostics or a file, never with a crash;
// whatever is accepted can be translated and run.
BOOST_AUTO_TEST_CASE(a_damaged_recording_is_refused_or_runs) {
  const std::string whole = tiny(kEvents, kBlocked);
  std::size_t refused = 0;
  const auto check = [&](const std::string& text) {
    Diagnostics problems;
    const auto file = read_litmus(text, "damaged.json", problems);
    if (file) {
      for (std::size_t i = 0; i < file->entries.size(); ++i) (void)litmus_side_by_side(*file, i, run_litmus(*file, i));
    } else {
      ++refused;
      BOOST_TEST(problems.has_errors());
    }
  };
  for (std::size_t n = 0; n < whole.size(); ++n) check(whole.substr(0, n));
  BOOST_TEST(refused == whole.size());
  for (std::size_t n = 0; n < whole.size(); ++n) {
    std::string damaged = whole;
    damaged[n] = static_cast<char>(damaged[n] ^ (1 << n % 7));
    check(damaged);
  }
  BOOST_TEST(refused > whole.size() * 3 / 2);
}

BOOST_AUTO_TEST_CASE(problems_have_a_place) {
  const auto first = [](const std::string& program) {
    Diagnostics problems;
    const auto file =
        read_litmus(R"({"kind":"LitmusRecording","go":"go1.26.8","preset":"go1.26","entries":[{"program":)" + program +
                        R"(,"events":[],"outcome":"deadlock","message":""}]})",
                    "x.json", problems);
    BOOST_TEST(!file.has_value());
    BOOST_TEST_REQUIRE(!problems.all().empty());
    return problems.all()[0].code + " " + problems.all()[0].pointer + " " + problems.all()[0].hint;
  };
  BOOST_TEST(first(R"({"chans":[],"bodies":[[["recv",0]]]})") == "E0211 /entries/0/program/bodies/0/0/1 ");
  BOOST_TEST(first(R"({"chans":[0],"bodies":[[["recieve",0]]]})") == "E0501 /entries/0/program/bodies/0/0/0 ");
  BOOST_TEST(first(R"({"chans":[0],"bodies":[[["brodcast",0]]]})") ==
             "E0501 /entries/0/program/bodies/0/0/0 did you mean \"broadcast\"?");
  BOOST_TEST(first(R"({"chans":[0],"bodies":[[["recv",1]]]})") == "E0211 /entries/0/program/bodies/0/0/1 ");
  BOOST_TEST(first(R"({"procs":100000000,"bodies":[[]]})") == "E0211 /entries/0/program/procs ");
  BOOST_TEST(first(R"({"mutexes":1000000000,"bodies":[[]]})") == "E0211 /entries/0/program/mutexes ");
  BOOST_TEST(first(R"({"chans":[0],"bodies":[[["try",["try",["recv",0]]]]]})") ==
             "E0506 /entries/0/program/bodies/0/0/1 ");
}

BOOST_AUTO_TEST_CASE(a_program_that_runs_away_is_not_tried_for_minutes) {
  // Found by the fuzzer: a goroutine that starts itself, times to be met, and chance that decides.
  const std::string path = GMPSIM_SOURCE_DIR "/tests/fuzz/corpus/read_litmus/tried-for-minutes";
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  Diagnostics problems;
  const auto file = read_litmus(text.str(), path, problems);
  BOOST_TEST_REQUIRE(file.has_value());
  const LitmusResult r = run_litmus(*file, 0, "");
  BOOST_TEST((r.verdict == LitmusResult::Verdict::differs));
  BOOST_TEST(r.model.outcome == "limit");
  BOOST_TEST(r.runs == 10u);  // of a million events each; without a bound 64 seeds in 9 phases
}

BOOST_AUTO_TEST_CASE(a_program_that_never_ends_meets_a_limit) {
  const LitmusResult r = judge(
      R"({"kind":"LitmusRecording","go":"go1.26.8","preset":"go1.26","entries":[
        {"program":{"bodies":[[["go",0],["go",0]]]},"events":[],"outcome":"deadlock","message":""}]})");
  BOOST_TEST((r.verdict == LitmusResult::Verdict::differs));
  BOOST_TEST(r.model.outcome == "limit");
}

BOOST_AUTO_TEST_SUITE_END()
