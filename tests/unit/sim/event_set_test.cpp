// The radix heap of pending events against the simplest thing that could be right: a list kept sorted.

#include "sim/event_set.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <tuple>
#include <vector>

#include "sim/random.hpp"

namespace gmpsim {
namespace {

constexpr auto kPhases = static_cast<std::uint32_t>(Phase::kCount);

/// (time, phase, sequence): the order that the engine promises.
class NaiveSet {
 public:
  void push(const EventSet::Entry& e) {
    list_.emplace_back(e.at, e.ticket & 7, sequence_++, e.process);
    std::sort(list_.begin(), list_.end());
  }
  std::uint32_t pop() {
    const std::uint32_t process = std::get<3>(list_.front());
    list_.erase(list_.begin());
    return process;
  }
  [[nodiscard]] Time next_time() const { return list_.empty() ? kNever : std::get<0>(list_.front()); }
  [[nodiscard]] std::size_t size() const { return list_.size(); }

 private:
  std::vector<std::tuple<Time, std::uint32_t, std::uint64_t, std::uint32_t>> list_;
  std::uint64_t sequence_ = 0;
};

/// A random script: pushes at or after the time of the last pop, with distances from 0 to 2^`spread`.
void expect_same_script(std::uint64_t seed, unsigned spread, int steps) {
  EventSet set;
  NaiveSet naive;
  Time now = 0;
  std::uint32_t process = 0;
  for (int step = 0; step < steps; ++step) {
    const std::uint64_t bits = random_bits(seed, spread, 0, static_cast<std::uint64_t>(step));
    if (naive.size() == 0 || (bits % 16 < 9 && naive.size() < 200)) {
      const std::uint64_t mask = (std::uint64_t{1} << ((bits >> 8) % (spread + 1))) - 1;
      const auto distance = static_cast<Duration>(mix64(bits, 1) & mask);
      const EventSet::Entry e{now + distance, process++, static_cast<std::uint32_t>((bits >> 16) % kPhases)};
      set.push(e);
      naive.push(e);
    } else {
      now = naive.next_time();
      const EventSet::Entry got = set.pop();
      BOOST_TEST_REQUIRE(got.at == now);
      BOOST_TEST_REQUIRE(got.process == naive.pop());
    }
    BOOST_TEST_REQUIRE(set.size() == naive.size());
    BOOST_TEST_REQUIRE(set.empty() == (naive.size() == 0));
    BOOST_TEST_REQUIRE(set.next_time() == naive.next_time());
  }
  while (!set.empty()) BOOST_TEST_REQUIRE(set.pop().process == naive.pop());
}

BOOST_AUTO_TEST_SUITE(event_set_suite)

BOOST_AUTO_TEST_CASE(agrees_with_a_sorted_list_on_random_scripts) {
  for (const unsigned spread : {0U, 1U, 3U, 8U, 20U, 40U, 56U})  // from all at once to centuries apart
    for (std::uint64_t seed = 0; seed < 30; ++seed)
      BOOST_TEST_CONTEXT("spread " << spread << ", seed " << seed) expect_same_script(seed, spread, 1'500);
}

BOOST_AUTO_TEST_CASE(all_orders_of_five_events_at_few_instants_come_out_sorted) {
  // Exhaustive over 3 instants and 2 phases for each of 5 events: 6^5 sets.
  for (int code = 0; code < 7'776; ++code) {
    EventSet set;
    NaiveSet naive;
    int rest = code;
    for (std::uint32_t process = 0; process < 5; ++process, rest /= 6) {
      const EventSet::Entry e{rest % 3, process, static_cast<std::uint32_t>(rest % 6 / 3)};
      set.push(e);
      naive.push(e);
    }
    while (!set.empty()) BOOST_TEST_REQUIRE(set.pop().process == naive.pop(), "code " << code);
  }
}

BOOST_AUTO_TEST_CASE(phases_order_an_instant_even_when_they_come_late) {
  EventSet set;
  set.push({5, 1, static_cast<std::uint32_t>(Phase::thread)});
  set.push({5, 2, static_cast<std::uint32_t>(Phase::monitor)});
  BOOST_TEST(set.pop().process == 1u);
  set.push({5, 3, static_cast<std::uint32_t>(Phase::thread)});  // due now, before the waiting monitor
  set.push({5, 4, static_cast<std::uint32_t>(Phase::signal)});
  BOOST_TEST(set.pop().process == 4u);
  BOOST_TEST(set.pop().process == 3u);
  BOOST_TEST(set.pop().process == 2u);
  BOOST_TEST(set.empty());
}

BOOST_AUTO_TEST_CASE(the_ticket_comes_back_as_it_was_put_in) {
  EventSet set;
  set.push({3, 9, 0x12345678U & ~7U});
  const EventSet::Entry e = set.pop();
  BOOST_TEST(e.ticket == (0x12345678U & ~7U));
  BOOST_TEST(e.process == 9u);
}

BOOST_AUTO_TEST_CASE(a_cleared_set_starts_again_at_time_zero) {
  EventSet set;
  for (Time at = 0; at < 1'000; at += 7) set.push({at, 0, 0});
  for (int i = 0; i < 50; ++i) (void)set.pop();
  set.clear();
  BOOST_TEST(set.empty());
  BOOST_TEST(set.next_time() == kNever);
  set.push({3, 1, 0});
  set.push({0, 2, 0});
  BOOST_TEST(set.pop().process == 2u);
  BOOST_TEST(set.pop().process == 1u);
}

BOOST_AUTO_TEST_CASE(the_last_instants_of_time_are_ordered_too) {
  EventSet set;
  set.push({kNever - 1, 1, 0});
  set.push({kNever - 2, 2, 0});
  BOOST_TEST(set.pop().process == 2u);
  BOOST_TEST(set.pop().process == 1u);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace gmpsim
