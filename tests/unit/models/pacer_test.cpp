// The pacer's arithmetic, against the numbers of mgcpacer.go.

#include <boost/test/unit_test.hpp>

#include "models/go/pacer.hpp"

using namespace gmpsim;

namespace {
constexpr std::int64_t kMiB = std::int64_t{1} << 20;

Pacer with(const HeapOptions& options, Pacer::Rule rule = Pacer::Rule::maximum) {
  Pacer p;
  p.begin(options, rule);
  return p;
}
}  // namespace

BOOST_AUTO_TEST_SUITE(pacer)

BOOST_AUTO_TEST_CASE(a_quarter_of_the_ps_mark) {
  const struct {
    std::int64_t procs, dedicated, fractional_ppm;
  } table[] = {{1, 0, 250'000}, {2, 0, 250'000}, {3, 0, 250'000}, {4, 1, 0},  {5, 1, 0}, {6, 1, 83'333},
               {7, 2, 0},       {8, 2, 0},       {10, 3, 0},      {16, 4, 0}, {32, 8, 0}};
  for (const auto& row : table) {
    const Pacer::Workers w = Pacer::workers(row.procs, false);
    BOOST_TEST(w.dedicated == row.dedicated, row.procs << " Ps");
    BOOST_TEST(w.fractional_ppm == row.fractional_ppm, row.procs << " Ps");
    BOOST_TEST(w.idle == row.procs - row.dedicated, row.procs << " Ps");
  }
  BOOST_TEST(Pacer::workers(1, true).idle == 1);
  BOOST_TEST(Pacer::workers(4, true).idle == 0, "a forced collection does not use idle Ps");
}

BOOST_AUTO_TEST_CASE(the_goal_is_what_gogc_says) {
  BOOST_TEST(with({}).goal() == 4 * kMiB, "the smallest heap");
  BOOST_TEST(with({.gogc = 50}).goal() == 2 * kMiB);
  BOOST_TEST(with({.initial_live = 100 * kMiB}).goal() == 200 * kMiB);
  BOOST_TEST(with({.gogc = 50, .initial_live = 100 * kMiB}).goal() == 150 * kMiB);
  BOOST_TEST(with({.gogc = -1, .initial_live = 100 * kMiB}).trigger() == kNoBytes);
  // A limit of 128 MiB, without the headroom of 3 %.
  BOOST_TEST(with({.memory_limit = 128 * kMiB, .initial_live = 100 * kMiB}).goal() ==
             128 * kMiB - 128 * kMiB * 3 / 100);
  BOOST_TEST(with({.gogc = -1, .memory_limit = 128 * kMiB}).goal() == 128 * kMiB - 128 * kMiB * 3 / 100);
  BOOST_TEST(with({.memory_limit = 10 * kMiB, .initial_live = 100 * kMiB}).goal() == 100 * kMiB,
             "never below what lives");
}

BOOST_AUTO_TEST_CASE(the_trigger_leaves_room_for_what_is_allocated_while_marking) {
  Pacer p = with({.initial_live = 100 * kMiB});
  BOOST_TEST(p.trigger() == 196 * kMiB, "nothing learned yet: 4 MiB below the goal");
  // A cycle in which the program allocated 50 MiB while 100 MiB were scanned, on 4 Ps without assists.
  p.start_cycle(196 * kMiB, 100 * kMiB);
  p.end_cycle(246 * kMiB, 100 * kMiB, 4, ms(100), 0, 0);
  p.commit(100 * kMiB, 0, 0);
  // consMark = 50 * 0.25 / (100 * 0.75) = 1/6; runway = 3 * 100 / 6 = 50 MiB.
  BOOST_TEST(p.trigger() > 149 * kMiB);
  BOOST_TEST(p.trigger() <= 171 * kMiB, "not below marked + 45/64 of the room");
  BOOST_TEST(p.trigger() >= 170 * kMiB);
}

BOOST_AUTO_TEST_CASE(the_maximum_of_five_cycles_is_remembered_since_1_21) {
  const auto after_one_busy_and_n_calm = [](Pacer::Rule rule, int calm) {
    Pacer p = with({.initial_live = 100 * kMiB}, rule);
    p.start_cycle(196 * kMiB, 100 * kMiB);
    p.end_cycle(216 * kMiB, 100 * kMiB, 4, ms(100), 0, 0);
    for (int i = 0; i < calm; ++i) {
      p.start_cycle(196 * kMiB, 100 * kMiB);
      p.end_cycle(196 * kMiB, 100 * kMiB, 4, ms(100), 0, 0);
    }
    p.commit(100 * kMiB, 0, 0);
    return p.trigger();
  };
  BOOST_TEST(after_one_busy_and_n_calm(Pacer::Rule::maximum, 4) < 185 * kMiB);
  BOOST_TEST(after_one_busy_and_n_calm(Pacer::Rule::maximum, 5) == 196 * kMiB);
  BOOST_TEST(after_one_busy_and_n_calm(Pacer::Rule::mean, 2) == 196 * kMiB);
}

// piController of 1.18 and 1.19 by hand: kp 0.9, ti 4, once a cycle.
BOOST_AUTO_TEST_CASE(a_controller_smooths_what_is_allocated_for_each_byte_marked_in_1_18_and_1_19) {
  Pacer p = with({.initial_live = 100 * kMiB}, Pacer::Rule::controller);
  const auto cycle = [&p](std::int64_t grown) {
    p.start_cycle(190 * kMiB, 100 * kMiB);
    p.end_cycle(190 * kMiB + grown, 100 * kMiB, 4, ms(100), 0, 0);
    p.commit(100 * kMiB, 0, 0);
    return p.trigger();
  };
  // 10 MiB: 10 * 0.25 / (100 * 0.75) = 0.0333; first 0.9 of it, 0.03: a runway of 3 * 0.03 * 100 = 9 MiB.
  BOOST_TEST(cycle(10 * kMiB) / kMiB == 191);
  // 0.9 * (0.0333 - 0.03) + 0.225 * 0.0333 = 0.0105: 3.15 MiB, less than the least of 4.
  BOOST_TEST(cycle(10 * kMiB) == 196 * kMiB);
  // 0.9 * (0.0333 - 0.0105) + 0.0075 + 0.225 * 0.0033 = 0.0288: 8.64 MiB.
  BOOST_TEST(cycle(10 * kMiB) / kMiB == 191);
  BOOST_TEST(cycle(0) / kMiB == 191, "a cycle in which nothing was allocated teaches nothing");
}

BOOST_AUTO_TEST_CASE(the_memory_limit_leaves_a_mebibyte_of_room_in_1_19_and_three_percent_since_1_21) {
  const HeapOptions limited{.memory_limit = 128 * kMiB, .initial_live = 100 * kMiB};
  BOOST_TEST(with(limited, Pacer::Rule::controller).goal() == 127 * kMiB);
  BOOST_TEST(with(limited).goal() == 128 * kMiB - 128 * kMiB * 3 / 100);
}

BOOST_AUTO_TEST_CASE(assists_pay_the_rest_of_the_scan_with_the_rest_of_the_room) {
  Pacer p = with({.initial_live = 100 * kMiB});
  p.start_cycle(150 * kMiB, 100 * kMiB);  // 100 MiB to scan, 50 MiB of room
  BOOST_TEST(p.work_for(kMiB) == 2 * kMiB + 1);
  BOOST_TEST(p.bytes_for(2 * kMiB) == kMiB + 1);
  p.revise(175 * kMiB, 90 * kMiB);  // nearly done: cheap
  BOOST_TEST(p.work_for(kMiB) < kMiB);
  p.revise(199 * kMiB, 10 * kMiB);  // hardly any room: dear
  BOOST_TEST(p.work_for(kMiB) > 80 * kMiB);
}

BOOST_AUTO_TEST_CASE(the_old_pacer_corrects_its_trigger_by_half_its_error) {
  Pacer p = with({.initial_live = 100 * kMiB}, Pacer::Rule::ratio);
  const std::int64_t first = p.trigger();
  BOOST_TEST(first == 100 * kMiB + 100 * kMiB * 875 / 1000);
  p.start_cycle(first, 100 * kMiB);
  p.end_cycle(240 * kMiB, 100 * kMiB, 4, ms(100), 0, 0);  // far beyond the goal
  p.commit(100 * kMiB, 0, 0);
  BOOST_TEST(p.trigger() < first);
  BOOST_TEST(p.trigger() >= 160 * kMiB);
}

BOOST_AUTO_TEST_CASE(assists_stop_when_collection_takes_half_of_all_time) {
  Pacer p = with({});
  Time t = 0;
  Duration assists = 0;
  for (int i = 0; i < 40; ++i) {  // all Ps assist all the time
    t += ms(100);
    assists += ms(400);
    p.limiter(t, 4, assists, true);
  }
  BOOST_TEST(p.limiting());
  for (int i = 0; i < 40; ++i) p.limiter(t += ms(100), 4, assists, false);
  BOOST_TEST(!p.limiting());
}

BOOST_AUTO_TEST_SUITE_END()
