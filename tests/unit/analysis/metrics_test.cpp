#include <boost/test/unit_test.hpp>

#include "analysis/metrics.hpp"
#include "trace_builder.hpp"

using namespace gmpsim;
using fixtures::Story;

namespace {

/// All the numbers of a story, by name.
struct Told {
  Metrics metrics;
  Told(const Story& story, Time end, MetricOptions options = {}) : metrics(story.info, std::move(options)) {
    story.tell(metrics);
    metrics.finish(end);
  }
  double operator[](std::string_view name) const {
    const std::optional<double> v = metrics.value_of(name);
    return v ? *v : -1;
  }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(metrics)

BOOST_AUTO_TEST_CASE(a_p_that_is_no_more_has_no_share) {
  Story s(2);
  s.proc(0, 0).idle(0, 1).create(0, 1, 0).runnable(0, 1, 0).running(0, 1, 0);
  s.add(20, Kind::p_stop, 1, 1).end(100, 1, 0);
  const Told told(s, 100);
  BOOST_TEST(told["procs.busy_share"] == 100.0 / 120.0);
  BOOST_TEST(told["procs.idle_share"] == 20.0 / 120.0);
}

// P0 runs G1 [10, 110); G2 was queued at 20 and runs [130, 180); G1, preempted at 110, runs again [200, 230) and ends.
BOOST_AUTO_TEST_CASE(delays_runs_and_cpu_time_are_those_of_the_story) {
  Story s;
  s.proc(0, 0).create(0, 1, 0).runnable(0, 1, 0).running(10, 1, 0).create(20, 2, 1, 1).runnable(20, 2, 0, Why::created);
  s.runnable(110, 1, kNoP, Why::preempted).running(130, 2, 0).end(180, 2, 0);
  s.add(190, Kind::global_get, 0, 0, 1, 0, 0, 1).running(200, 1, 0, From::global).end(230, 1, 0).idle(240, 0);
  const Told told(s, 300);
  BOOST_TEST(told["delay[*].count"] == 3);
  BOOST_TEST(told["delay[*].sum"] == 10 + 110 + 90);
  BOOST_TEST(told["delay[program:request].max"] == 110);
  BOOST_TEST(told["delay[class:batch].max"] == 90);
  BOOST_TEST(told["delay[class:batch].min"] == 10);
  BOOST_TEST(told["run[program:worker].count"] == 2);
  BOOST_TEST(told["run[*].max"] == 100);
  BOOST_TEST(told["cpu[program:worker].time"] == 130);
  BOOST_TEST(told["cpu[class:latency].share"] == 50.0 / 180.0);
  BOOST_TEST(told["sched.switches"] == 3);
  BOOST_TEST(told["sched.global_gets"] == 1);
  BOOST_TEST(told["goroutines.created"] == 2);
  BOOST_TEST(told["goroutines.max"] == 2);
  BOOST_TEST(told["goroutines.live"] == 0);
  // P0: runtime [0,10) [110,130) [180,200) [230,240), busy 180, idle [240,300)
  BOOST_TEST(told["procs.busy_share"] == 180.0 / 300.0);
  BOOST_TEST(told["procs.runtime_share"] == 60.0 / 300.0);
  BOOST_TEST(told["procs.idle_share"] == 60.0 / 300.0);
  const WaitRecord& worst = told.metrics.longest_waits().front();
  BOOST_TEST(worst.g == 2u);
  BOOST_TEST(worst.since == 20);
  BOOST_TEST(worst.until == 130);
  BOOST_TEST(queue_name(worst.queue) == "P0 local queue");
  BOOST_TEST(goroutine_name(s.info, worst.g, worst.program) == "G2 request");
}

BOOST_AUTO_TEST_CASE(how_the_stream_is_cut_into_buffers_does_not_matter) {
  Story s(2);
  for (std::uint32_t i = 0; i < 50; ++i) {
    const Time t = i * 100;
    s.starts(t, i + 1, i % 2, i % 2)
        .label(t + 5, Kind::span_begin, i + 1, 1, t + 5)
        .label(t + 40 + i, Kind::span_end, i + 1, 1, t + 5);
    s.end(t + 90, i + 1, i % 2);
  }
  const Told whole(s, 6000);
  for (const std::size_t n : {1u, 7u, 512u}) {
    Metrics pieces(s.info);
    s.tell_in_pieces(pieces, n);
    pieces.finish(6000);
    for (const MetricDoc& doc : list_metrics()) {
      if (doc.name.find('[') == std::string::npos)
        BOOST_TEST((pieces.value_of(doc.name) == whole.metrics.value_of(doc.name)), doc.name);
    }
    BOOST_TEST(*pieces.value_of("span[work].p99") == whole["span[work].p99"]);
  }
}

BOOST_AUTO_TEST_CASE(queues_follow_steals_overflow_and_the_global_queue) {
  Story s(2);
  s.proc(0, 0).proc(0, 1);
  for (std::uint32_t g = 1; g <= 6; ++g) s.create(10, g, 0).runnable(10, g, 0);
  s.add(100, Kind::steal, 0, 1, 3, 1, 0, 3);  // P1 takes 3 from P0, the first of them runs
  s.running(110, 3, 1, From::stolen);
  s.add(120, Kind::overflow, 0, 0, kNoG, kNoM, 0, 2);  // 2 of the 3 left on P0 go to the global queue
  s.add(150, Kind::steal_miss, 0, 1, kNoG, 1, 0, 1);
  Metrics m(s.info);
  s.tell(m);
  const auto now = [&](const char* name) { return *m.value_of(name); };
  BOOST_TEST(now("queue[P0].last") == 1);
  BOOST_TEST(now("queue[P1].last") == 2);
  BOOST_TEST(now("queue[global].last") == 2);
  BOOST_TEST(now("queue.last") == 5);
  BOOST_TEST(now("queue.max") == 6);
  BOOST_TEST(m.witness().runnable().max_at() == 10);
  BOOST_TEST(now("sched.steals") == 1);
  BOOST_TEST(now("sched.stolen") == 3);
  BOOST_TEST(now("sched.steal_attempts") == 2);
  BOOST_TEST(m.procs()[1].stolen == 3u);
  BOOST_TEST(m.procs()[0].robbed == 3u);
}

BOOST_AUTO_TEST_CASE(stranded_time_is_the_part_of_a_wait_during_which_a_p_was_idle) {
  Story s(2);
  s.proc(0, 0).starts(0, 1, 0);
  s.create(100, 2, 0, 1).runnable(100, 2, 0);  // P1 idles: stranded from here
  s.add(400, Kind::wakeup, 1, 1).proc(450, 1).running(500, 2, 1, From::stolen);
  const Told told(s, 600);
  BOOST_TEST(told["sched.idle_while_runnable"] == 300);  // until the wake-up
  BOOST_TEST(told["sched.stranded_max"] == 300);
  BOOST_TEST(told["delay[*].max"] == 400);
  BOOST_TEST(told.metrics.most_stranded().g == 2u);
}

BOOST_AUTO_TEST_CASE(a_wait_that_is_not_over_counts_for_the_maximum_only) {
  Story s;
  s.starts(0, 1, 0).create(10, 2, 1, 1).runnable(10, 2, 0);
  const Told told(s, 1'000'000);
  BOOST_TEST(told["delay[*].count"] == 1);  // G1, at once
  BOOST_TEST(told["delay[*].p99"] == 0);
  BOOST_TEST(told["delay[*].max"] == 999'990);
  BOOST_TEST(told["delay[class:latency].max"] == 999'990);
  BOOST_TEST(told.metrics.longest_waits().front().open);
  BOOST_TEST(told["cpu[*].time"] == 1'000'000);  // the stretch that is not over counts
}

BOOST_AUTO_TEST_CASE(the_busiest_goroutines_are_ranked_alive_or_dead) {
  Story s(2);
  s.starts(0, 1, 0, 0).starts(0, 2, 0, 1).end(500, 1, 0);
  s.starts(600, 3, 1, 0).waiting(700, 3, 0, WaitReason::chan_receive, 1);
  const Told told(s, 1000, {.worst = 2});
  BOOST_TEST_REQUIRE(told.metrics.busiest().size() == 2u);
  BOOST_TEST(told.metrics.busiest()[0].g == 2u);  // still running
  BOOST_TEST(told.metrics.busiest()[0].cpu == 1000);
  BOOST_TEST(told.metrics.busiest()[1].g == 1u);
}

BOOST_AUTO_TEST_CASE(only_measured_phases_count) {
  Story s;
  s.label(0, Kind::phase, kNoG, 3);  // warm-up: not measured
  s.starts(0, 1, 0);
  s.label(50, Kind::mark, 1, 0).label(50, Kind::span_begin, 1, 1, 50).label(90, Kind::span_end, 1, 1, 50);
  s.add(100, Kind::phase, 1, kNoP, kNoG, kNoM, 3);
  s.label(150, Kind::mark, 1, 0)
      .label(160, Kind::mark, 1, 0)
      .label(160, Kind::span_begin, 1, 1, 160)
      .label(190, Kind::span_end, 1, 1, 160);
  s.runnable(200, 1, 0, Why::yielded).running(230, 1, 0);
  s.label(300, Kind::phase, kNoG, 3);  // not measured again
  s.runnable(500, 1, 0, Why::yielded).running(900, 1, 0);
  const Told told(s, 1000);
  BOOST_TEST(told["time.measured"] == 200);
  BOOST_TEST(told["delay[*].count"] == 1);
  BOOST_TEST(told["delay[*].max"] == 30);
  BOOST_TEST(told["mark[tick].count"] == 2);
  BOOST_TEST(told.metrics.marks()[0].total == 3u);
  BOOST_TEST(told["mark[tick].per_s"] == 2e9 / 200);
  BOOST_TEST(told["span[work].count"] == 1);
  BOOST_TEST(told["span.work.max"] == 30);
  BOOST_TEST(told["cpu[*].time"] == 100 + 70);  // [100,200) and [230,300)
}

BOOST_AUTO_TEST_CASE(timers_are_late_until_their_goroutine_runs) {
  Story s;
  s.proc(0, 0).starts(0, 1, 1).waiting(10, 1, 0, WaitReason::sleep, 0, 1000);
  s.add(10, Kind::timer_set, 0, 0, 1, kNoM, 4, 1000);
  s.add(1200, Kind::timer_fire, 0, 0, 1, 0, 4, 1000).runnable(1210, 1, 0, Why::timer).running(1500, 1, 0);
  // A ticker feeds a channel: the record names no goroutine, the one that becomes runnable through it is meant.
  s.waiting(1600, 1, 0, WaitReason::chan_receive, 1).add(1600, Kind::timer_set, 0, 0, kNoG, kNoM, 5, 2000);
  s.add(2100, Kind::timer_fire, 0, 0, kNoG, 0, 5, 2000).runnable(2100, 1, 0, Why::timer).running(2150, 1, 0);
  // Woken by somebody else: no timer, no lateness.
  s.waiting(2200, 1, 0, WaitReason::chan_receive, 1).runnable(2300, 1, 0).running(2900, 1, 0);
  s.add(2950, Kind::timer_set, 0, 0, 1, kNoM, 6, 9000);
  const Told told(s, 3000);
  BOOST_TEST(told["late[program:request].count"] == 2);
  BOOST_TEST(told["late[*].max"] == 500);
  BOOST_TEST(told["late[*].min"] == 150);
  BOOST_TEST(told["timers.fired"] == 2);
  BOOST_TEST(told["timers.pending"] == 1);
  BOOST_TEST(told.metrics.timer_lag().max() == 200);
  BOOST_TEST(told["wait[jobs].count"] == 2);
  BOOST_TEST(told["wait[jobs].max"] == 500);
  BOOST_TEST(told["wait[sleep].max"] == 1200);
}

BOOST_AUTO_TEST_CASE(logs_spans_and_marks_are_kept_by_label) {
  Story s;
  s.starts(0, 1, 0);
  for (const std::int64_t v : {5, -3, 8}) s.add(10, Kind::log, 0, 1, 1, kNoM, 3, v);
  s.label(20, Kind::span_begin, 1, 1, 20).label(25, Kind::span_begin, 1, 0, 25);
  s.label(60, Kind::span_end, 1, 1, 20);                        // the inner one was left by a panic that a try held
  s.label(70, Kind::span_begin, 1, 2, 5).end(90, 1, 0);         // left by the end of the goroutine
  s.starts(100, 2, 0).label(100, Kind::span_begin, 2, 2, 100);  // open at the end
  const Told told(s, 200);
  BOOST_TEST(told["log[other].count"] == 3);
  BOOST_TEST(told["log[other].last"] == 8);
  BOOST_TEST(told["log[other].sum"] == 10);
  BOOST_TEST(told["log[other].min"] == -3);
  BOOST_TEST(told["log[other].max"] == 8);
  BOOST_TEST((told.metrics.logs()[3].values == std::vector<std::int64_t>{5, -3, 8}));
  BOOST_TEST(told["span[work].max"] == 40);
  BOOST_TEST(told.metrics.spans()[0].abandoned == 1u);
  BOOST_TEST(told.metrics.spans()[2].abandoned == 1u);
  BOOST_TEST_REQUIRE(told.metrics.open_spans().size() == 1u);
  BOOST_TEST(told.metrics.open_spans()[0].g == 2u);
}

BOOST_AUTO_TEST_CASE(system_calls_hold_a_p_until_it_is_taken) {
  Story s(2);
  s.starts(0, 1, 0).add(100, Kind::g_syscall, 0, 0, 1, 0);
  s.add(300, Kind::retake, 0, 0, 1, 0).add(300, Kind::handoff, 1, 0, kNoG, 5).proc(320, 0).starts(330, 2, 0);
  s.runnable(500, 1, kNoP, Why::syscall_exit);  // must not disturb P0, which runs G2
  const Told told(s, 600);
  const ProcView& p0 = told.metrics.witness().procs()[0];
  BOOST_TEST((p0.state == ProcView::State::busy));
  BOOST_TEST(p0.g == 2u);
  BOOST_TEST(p0.time[static_cast<int>(ProcView::State::syscall)] == 200);
  BOOST_TEST(p0.time[static_cast<int>(ProcView::State::overhead)] == 30);
  BOOST_TEST(told["sched.retakes"] == 1);
  BOOST_TEST(told["sched.handoffs"] == 1);
  BOOST_TEST(told["run[*].max"] == 100);  // the call is no stretch on a P; G2's is not over
}

BOOST_AUTO_TEST_CASE(single_goroutines_have_histograms_when_they_are_watched) {
  Story s;
  s.starts(0, 1, 0)
      .create(5, 2, 0, 1)
      .runnable(5, 2, 0)
      .waiting(50, 1, 0, WaitReason::chan_receive, 1)
      .running(60, 2, 0);
  const Told told(s, 100, {.watch = {"goroutine:worker#2", "goroutine:G1"}});
  BOOST_TEST(told["delay[goroutine:worker#2].max"] == 55);
  BOOST_TEST(told["delay[goroutine:G1].count"] == 1);
  BOOST_TEST(told["cpu[goroutine:worker#2].time"] == 40);
  BOOST_TEST(told["delay[goroutine:worker#3].p50"] == -1);  // nobody: unknown
}

BOOST_AUTO_TEST_CASE(memory_follows_the_living_not_the_dead) {
  Story s;
  Metrics m(s.info);
  for (std::uint32_t g = 1; g <= 20'000; ++g) {
    Story one;
    one.starts(g * 10, g, 0).end(g * 10 + 5, g, 0);
    one.tell(m);
  }
  BOOST_TEST(m.witness().live() == 0u);
  BOOST_TEST(m.witness().live_max() == 1u);
  BOOST_TEST(m.witness().slots() <= 3u);
}

BOOST_AUTO_TEST_CASE(a_stream_of_nonsense_is_read_without_harm) {
  // Every kind with every sort of field, in an order no model writes.
  Story s(2);
  std::uint64_t x = 88172645463325252ULL;
  const auto draw = [&] { return x ^= x << 13, x ^= x >> 7, x ^= x << 17; };
  Time at = 0;
  for (int i = 0; i < 100'000; ++i) {
    at += static_cast<Time>(draw() % 1000);
    const std::uint16_t p =
        draw() % 8 == 0 ? static_cast<std::uint16_t>(draw()) : static_cast<std::uint16_t>(draw() % 3);
    const std::uint32_t g =
        draw() % 50 == 0 ? static_cast<std::uint32_t>(draw()) >> 12 : static_cast<std::uint32_t>(draw() % 20);
    const std::uint32_t a =
        draw() % 20 == 0 ? static_cast<std::uint32_t>(draw()) : static_cast<std::uint32_t>(draw() % 6);
    s.add(at, static_cast<Kind>(draw() % static_cast<int>(Kind::kCount)), static_cast<std::uint8_t>(draw()), p, g,
          static_cast<std::uint32_t>(draw()), a,
          draw() % 4 == 0 ? static_cast<std::int64_t>(draw()) : static_cast<std::int64_t>(draw() % 5));
  }
  Metrics m(s.info);
  Checks checks(m, {});
  for (const OracleDoc& doc : list_oracles()) {
    OracleSpec spec = fixtures::check(doc.kind);
    spec.max = spec.within = 1000;
    spec.mark = doc.kind == "eventually" ? "tick" : "";
    spec.jain_min = 0.5;
    spec.label = "tick";
    spec.expression = "delay[*].p99 < 1us || goroutines.live > 5";
    BOOST_TEST(checks.add(spec) == "");
  }
  s.tell(checks);
  EndOfRun end;
  end.at = at;
  end.blocked.push_back({3, "select", "jobs"});
  BOOST_TEST(checks.finish(end).size() >= list_oracles().size());
  for (const MetricDoc& doc : list_metrics()) (void)m.value_of(doc.name);
  for (const ProcView& p : m.witness().procs()) BOOST_TEST_REQUIRE(p.queue.value() >= 0);
  BOOST_TEST(m.witness().runnable().value() >= 0);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(metric_names)

BOOST_AUTO_TEST_CASE(both_spellings_mean_the_same) {
  for (const auto& [a, b] :
       {std::pair{"span[x].p99.9", "span.x.p99.9"}, {"mark[x].rate", "mark.x.rate"}, {"log[n].last", "log.n.last"}}) {
    const MetricParse one = parse_metric(a);
    const MetricParse two = parse_metric(b);
    BOOST_TEST_REQUIRE((one.ref && two.ref));
    BOOST_TEST(one.ref->key == two.ref->key);
    BOOST_TEST((one.ref->stat == two.ref->stat));
    BOOST_TEST(one.ref->num * two.ref->den == two.ref->num * one.ref->den);
  }
  const MetricParse q = parse_metric("delay[*].p99.9");
  BOOST_TEST_REQUIRE(q.ref.has_value());
  BOOST_TEST(q.ref->num == 999u);
  BOOST_TEST(q.ref->den == 1000u);
}

BOOST_AUTO_TEST_CASE(mistakes_are_told_with_place_and_suggestion) {
  const auto wrong = [](std::string_view text, std::size_t offset, std::string_view suggestion) {
    const MetricParse p = parse_metric(text);
    BOOST_TEST_CONTEXT(text) {
      BOOST_TEST(!p.ref.has_value());
      BOOST_TEST(!p.error.empty());
      BOOST_TEST(p.offset == offset);
      BOOST_TEST(p.suggestion == suggestion);
    }
  };
  wrong("spam[x].p99", 0, "span");
  wrong("span[x].p101", 8, "");
  wrong("span[x].maxx", 8, "span[x].max");
  wrong("span[x", 4, "");
  wrong("span[].p50", 5, "");
  wrong("span", 4, "");
  wrong("span[x]", 7, "span[x].p99");
  wrong("mark[x].p99", 8, "");
  wrong("delay.worker.p99", 6, "delay[program:worker].p99");
  wrong("sched.stealz", 0, "sched.steals");
  wrong("queue[Q1].max", 6, "");
  wrong("", 0, "");
}

BOOST_AUTO_TEST_CASE(every_listed_plain_name_has_a_value) {
  Story s;
  Metrics m(s.info);
  m.finish(1);
  for (const MetricDoc& doc : list_metrics()) {
    BOOST_TEST(!doc.doc.empty());
    if (doc.name.find('[') == std::string::npos) BOOST_TEST(m.value_of(doc.name).has_value(), doc.name);
  }
}

BOOST_AUTO_TEST_CASE(selectors_say_who) {
  Story s;
  Selector who;
  BOOST_TEST(Selector::parse("program:worker", who) == "");
  BOOST_TEST(who.matches(s.info, 9, 0, 3));
  BOOST_TEST(!who.matches(s.info, 9, 1, 3));
  BOOST_TEST(Selector::parse("class:latency", who) == "");
  BOOST_TEST(who.matches(s.info, 9, 1, 3));
  BOOST_TEST(Selector::parse("goroutine:worker#3", who) == "");
  BOOST_TEST(who.matches(s.info, 9, 0, 3));
  BOOST_TEST(!who.matches(s.info, 9, 0, 2));
  BOOST_TEST(Selector::parse("goroutine:G9", who) == "");
  BOOST_TEST(who.matches(s.info, 9, 1, 1));
  for (const char* bad : {"", "worker", "program:", "goroutine:worker#0", "goroutine:worker#x", "goroutine:#2"})
    BOOST_TEST(Selector::parse(bad, who) != "", bad);
  BOOST_TEST(Selector::parse("progam:x", who).find("did you mean \"program:\"?") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
