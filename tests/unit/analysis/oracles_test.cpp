#include <boost/test/unit_test.hpp>

#include "trace_builder.hpp"

using namespace gmpsim;
using fixtures::check;
using fixtures::Story;
using Outcome = Verdict::Outcome;

namespace gmpsim {
std::ostream& operator<<(std::ostream& out, Verdict::Outcome o) { return out << name_of(o); }
}  // namespace gmpsim

namespace {

EndOfRun ended(EndOfRun::How how, Time at, std::vector<EndOfRun::Blocked> blocked = {}, std::string message = {}) {
  EndOfRun e;
  e.how = how;
  e.at = at;
  e.blocked = std::move(blocked);
  e.message = std::move(message);
  return e;
}

using How = EndOfRun::How;

}  // namespace

BOOST_AUTO_TEST_SUITE(oracles)

BOOST_AUTO_TEST_CASE(every_kind_is_registered_and_documented) {
  std::vector<std::string> kinds;
  for (const OracleDoc& doc : list_oracles()) {
    kinds.push_back(doc.kind);
    BOOST_TEST(!doc.doc.empty());
  }
  const std::vector<std::string> expected{"assert",       "bounded_wait", "deadlock",   "ends",           "eventually",
                                          "fairness",     "leak",         "logged",     "lost_wakeup",    "misuse",
                                          "never",        "panic",        "progress",   "race",           "require",
                                          "time_to_stop", "timer_late",   "wait_cycle", "work_conserving"};
  BOOST_TEST(kinds == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(wrong_specs_are_refused_in_words) {
  Story s;
  const auto refused = [&](OracleSpec spec, std::string_view part) {
    Metrics m(s.info);
    Checks checks(m, {});
    const std::string error = checks.add(spec);
    BOOST_TEST(error.find(part) != std::string::npos, spec.kind << ": \"" << error << "\" lacks \"" << part << "\"");
  };
  refused(check("dedlock"), "did you mean \"deadlock\"?");
  refused(check("bounded_wait"), "needs \"max\"");
  refused(check("timer_late"), "needs \"max\"");
  refused(check("work_conserving"), "needs \"max_idle\"");
  refused(check("fairness"), "needs \"jain_min\" or \"share\"");
  refused(check("progress"), "needs \"within\"");
  refused(check("eventually"), "either \"mark\" or \"done\"");
  refused(check("logged"), "needs \"label\"");
  OracleSpec ends = check("ends");
  ends.how = "deadlok";
  refused(ends, "did you mean \"deadlock\"?");
  OracleSpec require = check("require");
  require.expression = "span.x.p99 <";
  refused(require, "column 13");
  OracleSpec who = check("leak");
  who.who = "somebody";
  refused(who, "does not say who");
}

BOOST_AUTO_TEST_CASE(time_to_stop_blames_whoever_stopped_last) {
  Story s(3);
  s.starts(0, 1, 0, 0).starts(0, 2, 1, 1).starts(0, 3, 1, 2);
  s.add(100, Kind::stw_begin, 2, 0, 1).add(120, Kind::p_stop, 0, 2).add(600, Kind::p_stop, 0, 1);
  s.add(600, Kind::stw_stopped, 2, 0, 1, kNoM, 0, 500).add(700, Kind::stw_end, 2, 0, 1, kNoM, 0, 600);
  OracleSpec spec = check("time_to_stop");
  spec.max = 500;
  BOOST_TEST(s.judge(spec, 1000).sentence == "longest time to stop 500ns <= 500ns (1 stop)");
  BOOST_TEST(Story().judge(spec, 1000).sentence == "the world was never stopped");
  spec.max = 499;
  const Verdict late = s.judge(spec, 1000);
  BOOST_TEST(late.outcome == Outcome::fail);
  BOOST_TEST(late.at == 599);
  BOOST_TEST_REQUIRE(late.culprits.size() == 1u);
  BOOST_TEST(late.culprits[0].name == "G2 request");
  BOOST_TEST(late.culprits[0].what == "was the last to stop, on P1");
  // A stop that never comes.
  s.add(1000, Kind::stw_begin, 2, 0, 1);
  s.add(1010, Kind::p_stop, 0, 1);
  const Verdict never = s.judge(spec, 9000);
  BOOST_TEST(never.sentence == "the world had not stopped when the run ended, 8us after the request");
  BOOST_TEST_REQUIRE(never.culprits.size() == 1u);
  BOOST_TEST(never.culprits[0].name == "G3 request");
}

BOOST_AUTO_TEST_CASE(deadlock_names_everybody_who_is_blocked) {
  Story s;
  s.starts(0, 1, 0).waiting(50, 1, 0, WaitReason::chan_receive, 1).add(60, Kind::deadlock);
  const Verdict v = s.judge(check("deadlock"), ended(How::deadlock, 60, {{1, "chan receive", "jobs"}}));
  BOOST_TEST(v.outcome == Outcome::fail);
  BOOST_TEST(v.sentence == "all goroutines are asleep at 60ns: 1 goroutine blocked");
  BOOST_TEST_REQUIRE(v.culprits.size() == 1u);
  BOOST_TEST(v.culprits[0].name == "G1 worker");
  BOOST_TEST(v.culprits[0].what == "chan receive on jobs");
  BOOST_TEST(v.culprits[0].since == 50);
  BOOST_TEST(Story().judge(check("deadlock"), 60).outcome == Outcome::pass);
}

BOOST_AUTO_TEST_CASE(leak_is_certain_after_an_end_and_needs_knowledge_after_a_cut) {
  struct Hope final : WakeKnowledge {
    std::optional<bool> may_be_woken(std::uint32_t g) const override { return g == 1; }
  } hope;
  Story s;
  s.starts(0, 1, 0)
      .waiting(50, 1, 0, WaitReason::chan_receive, 1)
      .starts(60, 2, 1)
      .waiting(70, 2, 0, WaitReason::chan_send, 1);
  const std::vector<EndOfRun::Blocked> both{{1, "chan receive", "jobs"}, {2, "chan send", "jobs"}};
  BOOST_TEST(s.judge(check("leak"), ended(How::done, 100, both)).culprits.size() == 2u);
  BOOST_TEST(s.judge(check("leak"), ended(How::time, 100, both)).outcome == Outcome::undecided);
  BOOST_TEST(s.judge(check("leak"), ended(How::time, 100)).outcome == Outcome::pass);
  const Verdict v = s.judge(check("leak"), ended(How::time, 100, both), {.wakes = &hope});
  BOOST_TEST(v.outcome == Outcome::fail);
  BOOST_TEST_REQUIRE(v.culprits.size() == 1u);
  BOOST_TEST(v.culprits[0].name == "G2 request");
  OracleSpec only = check("leak");
  only.who = "program:worker";
  BOOST_TEST(s.judge(only, ended(How::time, 100, both), {.wakes = &hope}).outcome == Outcome::pass);
}

BOOST_AUTO_TEST_CASE(wait_cycle_tells_the_ring_in_order_with_who_holds_what) {
  Story s(2);
  s.starts(0, 1, 0, 0).starts(0, 2, 1, 1);
  s.acquire(100, 1, 2)
      .acquire(200, 2, 3)
      .waiting(300, 1, 0, WaitReason::mutex_lock, 3)
      .waiting(400, 2, 1, WaitReason::mutex_lock, 2);
  const Verdict v = s.judge(check("wait_cycle"), 1000);
  BOOST_TEST(v.outcome == Outcome::fail);
  BOOST_TEST(v.at == 400);
  BOOST_TEST(v.sentence == "2 goroutines wait for each other");
  BOOST_TEST_REQUIRE(v.culprits.size() == 2u);
  BOOST_TEST(v.culprits[0].name == "G2 request");
  BOOST_TEST(v.culprits[0].what == "waits since 400ns for A, held by G1 worker since 100ns");
  BOOST_TEST(v.culprits[1].name == "G1 worker");
  BOOST_TEST(v.culprits[1].what == "waits since 300ns for B, held by G2 request since 200ns");
}

BOOST_AUTO_TEST_CASE(wait_cycle_knows_self_locks_and_recursive_read_locks) {
  Story self;
  self.starts(0, 1, 0).acquire(10, 1, 2).waiting(20, 1, 0, WaitReason::mutex_lock, 2);
  BOOST_TEST(self.judge(check("wait_cycle"), 100).sentence == "a goroutine waits for itself");

  Story recursive(2);  // reader holds R, writer waits, reader wants R again
  recursive.starts(0, 1, 0, 0)
      .starts(0, 2, 1, 1)
      .acquire(10, 1, 4, true)
      .waiting(20, 2, 1, WaitReason::rwmutex_lock, 4);
  Story before = recursive;
  BOOST_TEST(before.judge(check("wait_cycle"), 100).outcome == Outcome::pass);
  recursive.waiting(30, 1, 0, WaitReason::rwmutex_rlock, 4);
  const Verdict v = recursive.judge(check("wait_cycle"), 100);
  BOOST_TEST(v.outcome == Outcome::fail);
  BOOST_TEST_REQUIRE(v.culprits.size() == 2u);
  BOOST_TEST(v.culprits[0].what == "waits since 30ns for R, behind the waiting writer G2 request");
  BOOST_TEST(v.culprits[1].what == "waits since 20ns for R, held by G1 worker since 10ns");
}

BOOST_AUTO_TEST_CASE(wait_cycle_does_not_accuse_the_innocent) {
  Story readers(2);  // two readers share R: no ring, although each holds what the other "waits" for
  readers.starts(0, 1, 0, 0).starts(0, 2, 1, 1).acquire(10, 1, 4, true).acquire(10, 2, 4, true).acquire(15, 1, 2);
  readers.waiting(20, 2, 1, WaitReason::mutex_lock, 2).release(30, 1, 2).acquire(30, 2, 2).runnable(31, 2, 1);
  readers.waiting(40, 1, 0, WaitReason::mutex_lock, 2);
  BOOST_TEST(readers.judge(check("wait_cycle"), 100).outcome == Outcome::pass);

  Story rescued(2);  // a mutex has no owner: a third goroutine unlocks it
  rescued.starts(0, 1, 0, 0).starts(0, 2, 1, 1).create(0, 3, 0);
  rescued.acquire(100, 1, 2)
      .acquire(200, 2, 3)
      .waiting(300, 1, 0, WaitReason::mutex_lock, 3)
      .waiting(400, 2, 1, WaitReason::mutex_lock, 2);
  rescued.release(500, 3, 2).runnable(500, 2, 1);
  BOOST_TEST(rescued.judge(check("wait_cycle"), 1000).outcome == Outcome::pass);
}

BOOST_AUTO_TEST_CASE(bounded_wait_names_the_waiter_its_queue_and_who_ran_meanwhile) {
  Story s;
  s.starts(0, 1, 0)
      .create(1'000, 2, 1, 1)
      .runnable(1'000, 2, 0)
      .runnable(20'001'000, 1, kNoP, Why::preempted)
      .running(20'001'000, 2, 0);
  OracleSpec spec = check("bounded_wait");
  spec.max = ms(10);
  const Verdict v = s.judge(spec, 21'000'000);
  BOOST_TEST(v.outcome == Outcome::fail);
  BOOST_TEST(v.sentence == "longest wait 20ms > 10ms");
  BOOST_TEST(v.at == 10'001'000);
  BOOST_TEST_REQUIRE(v.culprits.size() == 2u);
  BOOST_TEST(v.culprits[0].name == "G2 request");
  BOOST_TEST(v.culprits[0].what == "P0 local queue");
  BOOST_TEST(v.culprits[0].until == 20'001'000);
  BOOST_TEST(v.culprits[1].name == "G1 worker");
  BOOST_TEST(v.culprits[1].what == "ran on P0");
  spec.max = ms(20);
  const Verdict good = s.judge(spec, 21'000'000);
  BOOST_TEST(good.outcome == Outcome::pass);
  BOOST_TEST(good.sentence == "longest wait 20ms <= 20ms");
  spec.max = ms(10);
  spec.who = "class:batch";
  BOOST_TEST(s.judge(spec, 21'000'000).outcome == Outcome::pass);
}

BOOST_AUTO_TEST_CASE(bounded_wait_sees_a_goroutine_that_never_runs) {
  Story s;
  s.starts(0, 1, 0).create(1'000, 2, 1, 1).runnable(1'000, 2, kNoP);
  OracleSpec spec = check("bounded_wait");
  spec.max = ms(10);
  const Verdict v = s.judge(spec, seconds(1));
  BOOST_TEST(v.sentence == "longest wait 1s > 10ms, not over");
  BOOST_TEST_REQUIRE(v.culprits.size() == 2u);
  BOOST_TEST(v.culprits[0].what == "global queue");
  BOOST_TEST(v.culprits[0].until == kNever);
  BOOST_TEST(v.culprits[1].name == "G1 worker");
  BOOST_TEST(s.judge(spec, ms(10)).outcome == Outcome::pass);
}

BOOST_AUTO_TEST_CASE(bounded_wait_on_an_object_measures_blocked_to_runnable) {
  Story s;
  s.starts(0, 1, 0).waiting(100, 1, 0, WaitReason::mutex_lock, 2).runnable(5'000'100, 1, 0).running(9'000'100, 1, 0);
  s.waiting(9'000'200, 1, 0, WaitReason::mutex_lock, 3);
  OracleSpec spec = check("bounded_wait");
  spec.max = ms(4);
  spec.on = "A";
  BOOST_TEST(s.judge(spec, 9'000'300).sentence == "longest wait for A 5ms > 4ms");
  spec.on = "B";
  BOOST_TEST(s.judge(spec, 9'000'300).outcome == Outcome::pass);
  BOOST_TEST(s.judge(spec, ms(20)).outcome == Outcome::fail);  // still waits
}

BOOST_AUTO_TEST_CASE(bounded_wait_on_a_lock_lasts_until_the_waiter_has_it) {
  // Woken after 5 ms, the waiter finds the lock taken and parks again; it has the lock after 12 ms.
  Story s;
  s.starts(0, 1, 0).waiting(0, 1, 0, WaitReason::mutex_lock, 2).runnable(ms(5), 1, 0).running(ms(6), 1, 0);
  s.waiting(ms(6), 1, 0, WaitReason::mutex_lock, 2).runnable(ms(12), 1, 0).running(ms(12), 1, 0);
  OracleSpec spec = check("bounded_wait");
  spec.max = ms(10);
  spec.on = "A";
  BOOST_TEST(s.judge(spec, ms(13)).sentence == "longest wait for A 13ms > 10ms, not over");  // not acquired
  s.acquire(ms(12), 1, 2);
  BOOST_TEST(s.judge(spec, ms(20)).sentence == "longest wait for A 12ms > 10ms");
  // A second request is a wait of its own.
  s.release(ms(13), 1, 2).waiting(ms(14), 1, 0, WaitReason::mutex_lock, 2).runnable(ms(15), 1, 0).running(ms(15), 1, 0);
  s.acquire(ms(15), 1, 2).end(ms(16), 1, 0);
  BOOST_TEST(s.judge(spec, ms(20)).sentence == "longest wait for A 12ms > 10ms");
}

BOOST_AUTO_TEST_CASE(timer_late_covers_late_and_unserved_timers) {
  OracleSpec spec = check("timer_late");
  spec.max = us(25);
  Story late;
  late.starts(0, 1, 1).waiting(10, 1, 0, WaitReason::sleep, 0, 1'000).add(10, Kind::timer_set, 0, 0, 1, kNoM, 3, 1'000);
  late.add(40'000, Kind::timer_fire, 0, 0, 1, 0, 3, 1'000).runnable(40'000, 1, 0, Why::timer).running(41'000, 1, 0);
  const Verdict v = late.judge(spec, 50'000);
  BOOST_TEST(v.outcome == Outcome::fail);
  BOOST_TEST(v.sentence == "latest timer 40us > 25us");
  BOOST_TEST(v.culprits[0].name == "G1 request");

  Story never;  // its P spins: the timer is due and nobody looks
  never.starts(0, 1, 1)
      .waiting(10, 1, 0, WaitReason::sleep, 0, 11'000'000)
      .add(10, Kind::timer_set, 0, 0, 1, kNoM, 3, 11'000'000);
  never.starts(20, 2, 0);
  const Verdict n = never.judge(spec, seconds(1));
  BOOST_TEST(n.outcome == Outcome::fail);
  BOOST_TEST(n.sentence == "due at 11.000ms, not served when the run ended, 989ms late (> 25us allowed)");
  BOOST_TEST_REQUIRE(n.culprits.size() == 2u);
  BOOST_TEST(n.culprits[1].name == "G2 worker");
  BOOST_TEST(never.judge(spec, 11'000'000).outcome == Outcome::pass);

  Story stopped;
  stopped.starts(0, 1, 1)
      .add(10, Kind::timer_set, 0, 0, 1, kNoM, 3, 1'000)
      .add(20, Kind::timer_stop, 0, kNoP, 1, kNoM, 3, 1'000);
  BOOST_TEST(stopped.judge(spec, seconds(1)).sentence == "no timer was due");
}

BOOST_AUTO_TEST_CASE(timer_late_finds_the_reader_of_a_ticker_that_is_never_served) {
  // The ticker's records name no goroutine; the one that it woke before is known to wait for it.
  Story s;
  s.info.objects.push_back({"beat", ObjectKind::ticker});  // object 5
  s.starts(0, 1, 1).waiting(10, 1, 0, WaitReason::chan_receive, 5).add(0, Kind::timer_set, 0, 0, kNoG, kNoM, 9, ms(1));
  s.add(ms(1), Kind::timer_fire, 0, 0, kNoG, 0, 9, ms(1)).add(ms(1), Kind::timer_set, 0, 0, kNoG, kNoM, 9, ms(2));
  s.runnable(ms(1), 1, 0, Why::timer)
      .running(ms(1), 1, 0)
      .waiting(ms(1) + 5, 1, 0, WaitReason::chan_receive, 5)
      .starts(ms(1) + 6, 2, 0);
  OracleSpec spec = check("timer_late");
  spec.max = ms(25);
  spec.who = "program:request";
  const Verdict v = s.judge(spec, ms(500));
  BOOST_TEST(v.outcome == Outcome::fail);
  BOOST_TEST(v.sentence == "due at 2.000ms, not served when the run ended, 498ms late (> 25ms allowed)");
  BOOST_TEST(v.culprits[0].name == "G1 request");
  spec.who = "program:worker";
  BOOST_TEST(s.judge(spec, ms(500)).outcome == Outcome::pass);
}

BOOST_AUTO_TEST_CASE(work_conserving_blames_waits_beside_an_idle_p) {
  Story s(2);
  s.proc(0, 0).starts(0, 1, 0).create(100, 2, 1, 1).runnable(100, 2, 0).running(2'000'100, 2, 0);
  OracleSpec spec = check("work_conserving");
  spec.max = ms(1);
  const Verdict v = s.judge(spec, ms(3));
  BOOST_TEST(v.outcome == Outcome::fail);
  BOOST_TEST(v.sentence == "longest wait beside an idle P 2ms > 1ms, in all 2ms");
  BOOST_TEST(v.culprits[0].name == "G2 request");
  Story busy(2);  // the same wait, but both Ps have work
  busy.proc(0, 0)
      .proc(0, 1)
      .starts(0, 1, 0)
      .starts(0, 3, 0, 1)
      .create(100, 2, 1, 1)
      .runnable(100, 2, 0)
      .running(2'000'100, 2, 0);
  BOOST_TEST(busy.judge(spec, ms(3)).outcome == Outcome::pass);
}

BOOST_AUTO_TEST_CASE(fairness_of_cpu_time_and_of_marks) {
  Story s(2);
  s.starts(0, 1, 0, 0).starts(0, 2, 0, 1).waiting(100, 1, 0, WaitReason::chan_receive, 1);
  for (int i = 0; i < 3; ++i) s.label(200, Kind::mark, 1, 0);
  s.label(250, Kind::mark, 2, 0);
  OracleSpec spec = check("fairness");
  spec.who = "program:worker";
  spec.jain_min = 0.9;
  const Verdict v = s.judge(spec, 300);  // 100 and 300: (400^2)/(2*100000) = 0.8
  BOOST_TEST(v.outcome == Outcome::fail);
  BOOST_TEST(v.sentence == "Jain index 0.800 < 0.9 over 2 goroutines");
  BOOST_TEST(v.culprits[0].what == "least: 100ns (25.0%)");
  spec.jain_min = 0.8;
  BOOST_TEST(s.judge(spec, 300).outcome == Outcome::pass);
  spec.mark = "tick";
  spec.jain_min.reset();
  spec.who = "goroutine:worker#1";
  spec.share = std::pair(0.2, 0.5);
  BOOST_TEST(s.judge(spec, 300).sentence == "goroutine:worker#1 has 75.0% of mark tick, 20.0% to 50.0% allowed");
  spec.who = "program:request";
  BOOST_TEST(s.judge(spec, 300).outcome == Outcome::undecided);
}

BOOST_AUTO_TEST_CASE(progress_by_mark_and_by_any_operation) {
  Story s;
  s.starts(0, 1, 0).label(100, Kind::mark, 1, 0).label(900, Kind::mark, 1, 0);
  OracleSpec spec = check("progress");
  spec.within = 500;
  spec.mark = "tick";
  BOOST_TEST(s.judge(spec, 1000).sentence == "longest time without mark tick 800ns > 500ns");
  spec.within = 800;
  BOOST_TEST(s.judge(spec, 1000).outcome == Outcome::pass);
  BOOST_TEST(s.judge(spec, 5000).outcome == Outcome::fail);             // the end counts
  BOOST_TEST(s.judge(spec, 5000, How::done).outcome == Outcome::pass);  // nothing was to come

  Story spins;  // preempted and run again, but never completes anything
  spins.starts(0, 1, 0);
  for (Time t = 100; t < 2000; t += 100) spins.runnable(t, 1, kNoP, Why::preempted).running(t, 1, 0);
  spec.mark.clear();
  spec.within = 1500;
  const Verdict v = spins.judge(spec, 2000);
  BOOST_TEST(v.outcome == Outcome::fail);
  BOOST_TEST(v.culprits[0].name == "G1 worker");
  Story sleeps;  // nobody has anything to do in between
  sleeps.starts(0, 1, 0)
      .waiting(10, 1, 0, WaitReason::sleep, 0, 5000)
      .runnable(5000, 1, 0, Why::timer)
      .running(5000, 1, 0)
      .end(5010, 1, 0);
  BOOST_TEST(sleeps.judge(spec, 5010, How::done).outcome == Outcome::pass);
}

BOOST_AUTO_TEST_CASE(eventually_by_mark_or_by_the_end_of_a_program) {
  Story s;
  s.starts(0, 1, 0).label(300, Kind::mark, 1, 0).end(400, 1, 0);
  OracleSpec spec = check("eventually");
  spec.mark = "tick";
  BOOST_TEST(s.judge(spec, 1000).sentence == "mark tick was made at 300ns");
  spec.by = 300;
  BOOST_TEST(s.judge(spec, 1000).outcome == Outcome::pass);
  spec.by = 299;
  BOOST_TEST(s.judge(spec, 1000).sentence == "mark tick was made at 300ns > 299ns");
  spec.mark = "boom";
  spec.by = 2000;
  BOOST_TEST(s.judge(spec, 1000).outcome == Outcome::undecided);  // cut off before its time was up
  BOOST_TEST(s.judge(spec, 3000).outcome == Outcome::fail);
  spec.mark.clear();
  spec.done = "worker";
  spec.by.reset();
  BOOST_TEST(s.judge(spec, 1000).sentence == "program worker was done at 400ns");
  Story stuck = s;
  stuck.starts(500, 2, 0).waiting(600, 2, 0, WaitReason::chan_send, 1);
  const Verdict v = stuck.judge(spec, 1000);
  BOOST_TEST(v.outcome == Outcome::fail);
  BOOST_TEST_REQUIRE(v.culprits.size() == 1u);
  BOOST_TEST(v.culprits[0].what == "chan_send on jobs");
}

BOOST_AUTO_TEST_CASE(panics_and_misuse_are_told_apart) {
  Story own;
  own.starts(0, 1, 0).label(10, Kind::panic, 1, 2);
  BOOST_TEST(own.judge(check("panic"), ended(How::panic, 10, {}, "boom")).sentence == "panic: boom at 10ns");
  BOOST_TEST(own.judge(check("misuse"), ended(How::panic, 10, {}, "boom")).outcome == Outcome::pass);
  Story closed;
  closed.info.labels.push_back("send on closed channel");
  closed.starts(0, 1, 0).label(10, Kind::panic, 1, 4);
  const Verdict v = closed.judge(check("misuse"), ended(How::panic, 10));
  BOOST_TEST(v.sentence == "send on closed channel at 10ns");
  BOOST_TEST(v.culprits[0].name == "G1 worker");
  Story fatal;
  fatal.info.labels.push_back("sync: unlock of unlocked mutex");
  fatal.starts(0, 1, 0).add(10, Kind::panic, 1, kNoP, 1, kNoM, 4);
  BOOST_TEST(fatal.judge(check("misuse"), ended(How::fatal, 10)).outcome == Outcome::fail);
  BOOST_TEST(fatal.judge(check("panic"), ended(How::fatal, 10)).sentence ==
             "fatal error: sync: unlock of unlocked mutex at 10ns");
  BOOST_TEST(Story().judge(check("panic"), ended(How::deadlock, 10)).outcome == Outcome::pass);
}

BOOST_AUTO_TEST_CASE(false_assertions_are_reported_even_without_a_check) {
  Story s;
  s.starts(0, 1, 0).label(10, Kind::assert_fail, 1, 2).label(20, Kind::assert_fail, 1, 2);
  BOOST_TEST(s.judge(check("assert"), 100).sentence == "2 assertions found false, the first at 10ns");
  Metrics m(s.info);
  Checks checks(m, {});
  s.tell(checks);
  EndOfRun end;
  end.at = 100;
  const std::vector<Verdict> verdicts = checks.finish(end);
  BOOST_TEST_REQUIRE(verdicts.size() == 1u);
  BOOST_TEST(verdicts[0].name == "assert");
  BOOST_TEST(verdicts[0].failed());
}

BOOST_AUTO_TEST_CASE(logged_compares_sequences_and_tuples) {
  Story s;
  s.starts(0, 1, 0);
  for (const std::int64_t v : {1, 2}) s.add(10, Kind::log, 0, 1, 1, kNoM, 0, v);
  s.add(20, Kind::log, 0, 2, 1, kNoM, 1, 7).add(20, Kind::log, 1, 2, 1, kNoM, 1, 8);
  OracleSpec spec = check("logged");
  spec.label = "tick";
  spec.values = {{1}, {2}};
  BOOST_TEST(s.judge(spec, 100).outcome == Outcome::pass);
  spec.values = {{1}, {3}};
  BOOST_TEST(s.judge(spec, 100).sentence == "value 2 under tick: expected 3, got 2");
  spec.values = {{1}};
  BOOST_TEST(s.judge(spec, 100).sentence == "value 2 under tick: expected the end, got 2");
  spec.values = {{1}, {2}, {3}};
  BOOST_TEST(s.judge(spec, 100).sentence == "value 3 under tick: expected 3, got the end of the run");
  spec.label = "work";
  spec.values = {{7, 8}};
  BOOST_TEST(s.judge(spec, 100).outcome == Outcome::pass);
  spec.values = {{7, 9}};
  BOOST_TEST(s.judge(spec, 100).sentence == "value 1 under work: expected (7, 9), got (7, 8)");
}

BOOST_AUTO_TEST_CASE(ends_wants_exactly_the_blocked_goroutines) {
  Story s;
  s.starts(0, 1, 0)
      .waiting(50, 1, 0, WaitReason::chan_receive, 1)
      .starts(60, 2, 0)
      .waiting(70, 2, 0, WaitReason::mutex_lock, 2);
  const EndOfRun end = ended(How::deadlock, 100, {{1, "chan receive", "jobs"}, {2, "sync.Mutex.Lock", "A"}},
                             "all goroutines are asleep - deadlock!");
  OracleSpec spec = check("ends");
  spec.how = "deadlock";
  spec.message = end.message;
  spec.blocked = std::vector<OracleSpec::Blocked>{{"program:worker", "", "", 1}, {"*", "chan receive", "jobs", 1}};
  BOOST_TEST(s.judge(spec, end).outcome == Outcome::pass);
  spec.blocked->at(1).reason = "chan_receive";  // our own name
  BOOST_TEST(s.judge(spec, end).outcome == Outcome::pass);
  spec.blocked->pop_back();
  BOOST_TEST(s.judge(spec, end).sentence == "G2 worker is blocked (sync.Mutex.Lock on A), which was not expected");
  spec.blocked->at(0).count = 3;
  BOOST_TEST(s.judge(spec, end).sentence == "expected 1 more program:worker blocked");
  spec.blocked.reset();
  spec.how = "done";
  BOOST_TEST(s.judge(spec, end).sentence == "ended by deadlock (all goroutines are asleep - deadlock!), not by done");
  spec.how = "deadlock";
  spec.message = "boom";
  BOOST_TEST(s.judge(spec, end).outcome == Outcome::fail);
}

BOOST_AUTO_TEST_CASE(require_is_undecided_over_nothing) {
  Story s;
  s.starts(0, 1, 0).label(10, Kind::span_begin, 1, 1, 10).label(5'200'010, Kind::span_end, 1, 1, 10);
  OracleSpec spec = check("require");
  spec.expression = "span.work.p99 <= 8ms";
  const Verdict v = s.judge(spec, ms(6));
  BOOST_TEST(v.outcome == Outcome::pass);
  BOOST_TEST(v.sentence == "span.work.p99 5.20ms <= 8ms");
  spec.expression = "span.work.p99 <= 5ms";
  BOOST_TEST(s.judge(spec, ms(6)).outcome == Outcome::fail);
  spec.expression = "span.boom.p99 <= 5ms";
  BOOST_TEST(s.judge(spec, ms(6)).outcome == Outcome::undecided);
}

BOOST_AUTO_TEST_CASE(never_sees_what_lasts_no_time_at_all) {
  Story s;  // two alive at 100, one of them ends at the same instant, within one buffer
  s.starts(0, 1, 0).create(100, 2, 1, 1).end(100, 1, 0);
  OracleSpec spec = check("never");
  spec.expression = "goroutines.live > 1";
  const Verdict v = s.judge(spec, 1000);
  BOOST_TEST(v.outcome == Outcome::fail);
  BOOST_TEST(v.at == 100);
  BOOST_TEST(v.sentence == "held at 100ns: goroutines.live 2 > 1");
  BOOST_TEST(v.culprits[0].name == "G2 request");
  spec.expression = "goroutines.live > 2";
  BOOST_TEST(s.judge(spec, 1000).outcome == Outcome::pass);
  spec.expression = "runtime.fatal";
  BOOST_TEST(s.judge(spec, 1000).outcome == Outcome::pass);
}

BOOST_AUTO_TEST_CASE(never_over_shared_variables_asks_to_be_told) {
  struct One final : Variables {
    double x = 0;
    std::optional<double> variable(std::string_view, std::int64_t) const override { return x; }
    std::optional<double> len(std::string_view, std::int64_t) const override { return std::nullopt; }
    std::optional<double> cap(std::string_view, std::int64_t) const override { return std::nullopt; }
  } variables;
  Story s;
  Metrics m(s.info);
  Checks checks(m, {.variables = &variables});
  OracleSpec spec = check("never");
  spec.expression = "x > 3";
  BOOST_TEST_REQUIRE(checks.add(spec) == "");
  BOOST_TEST(checks.wants_variables());
  checks.observe_variables(10);
  variables.x = 4;
  checks.observe_variables(20);
  BOOST_TEST(checks.violated());
  variables.x = 0;
  EndOfRun end;
  end.at = 30;
  const Verdict v = checks.finish(end).front();
  BOOST_TEST(v.outcome == Outcome::fail);
  BOOST_TEST(v.sentence == "held at 20ns: x 4 > 3");
}

BOOST_AUTO_TEST_CASE(verdicts_do_not_depend_on_buffers) {
  Story s(2);
  s.starts(0, 1, 0, 0).starts(0, 2, 1, 1).acquire(100, 1, 2).acquire(200, 2, 3);
  s.waiting(300, 1, 0, WaitReason::mutex_lock, 3).waiting(400, 2, 1, WaitReason::mutex_lock, 2);
  for (const std::size_t n : {1u, 2u, 3u, 100u}) {
    Metrics m(s.info);
    Checks checks(m, {});
    BOOST_TEST(checks.add(check("wait_cycle")) == "");
    s.tell_in_pieces(checks, n);
    EndOfRun end;
    end.at = 500;
    BOOST_TEST(checks.finish(end).front().at == 400);
  }
}

BOOST_AUTO_TEST_CASE(a_descriptor_that_was_ready_when_somebody_looked_must_wake_its_goroutine) {
  const auto story = [](bool woken, bool looked) {
    Story s;
    s.starts(0, 1, 0).waiting(us(10), 1, 0, WaitReason::io_wait, 1);
    s.add(ms(5), Kind::io_ready, 0, kNoP, 1, kNoM, 1);
    if (looked) s.add(ms(6), Kind::poll, 2, kNoP, kNoG, 0, 0, woken ? 1 : 0);
    if (woken) s.runnable(ms(6), 1, kNoP).running(ms(6), 1, 0).end(ms(7), 1, 0);
    return s;
  };
  const EndOfRun late = ended(How::time, ms(100));
  BOOST_TEST(story(true, true).judge(check("lost_wakeup"), late).outcome == Outcome::pass);
  BOOST_TEST(story(false, false).judge(check("lost_wakeup"), late).outcome == Outcome::pass);  // nobody has looked yet
  BOOST_TEST(story(false, true).judge(check("lost_wakeup"), ended(How::time, ms(20))).outcome == Outcome::pass);
  const Verdict v = story(false, true).judge(check("lost_wakeup"), late);
  BOOST_TEST(v.outcome == Outcome::fail);
  BOOST_TEST_REQUIRE(v.culprits.size() == 1u);
  BOOST_TEST(v.culprits[0].name == "G1 worker");
  BOOST_TEST(v.sentence == "jobs was ready at 5.000ms, the poller looked at 6.000ms and woke nobody");
}

BOOST_AUTO_TEST_CASE(a_signal_before_the_wait_is_lost) {
  const auto story = [](Time signal, std::int64_t woken) {
    Story s;
    s.starts(0, 1, 0).starts(0, 2, 0, 1);
    s.add(signal, Kind::notify, 0, kNoP, 2, kNoM, 1, woken);
    s.waiting(ms(2), 1, 0, WaitReason::cond_wait, 1);
    return s;
  };
  const EndOfRun dead = ended(How::deadlock, ms(3));
  BOOST_TEST(story(ms(1), 0).judge(check("lost_wakeup"), dead).outcome == Outcome::fail);
  BOOST_TEST(story(ms(1), 1).judge(check("lost_wakeup"), dead).outcome == Outcome::pass);
  BOOST_TEST(story(ms(1), 0).judge(check("lost_wakeup"), ended(How::time, ms(3))).outcome == Outcome::pass);
}

BOOST_AUTO_TEST_SUITE_END()
