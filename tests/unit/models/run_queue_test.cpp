// The run queue of a P against a naive one: every script of a few operations on a ring of 4.

#include <boost/test/unit_test.hpp>
#include <deque>
#include <optional>
#include <vector>

#include "models/go/runq.hpp"

using namespace gmpsim;

namespace {

constexpr std::uint32_t kRing = 4;

/// What runqput, runqget and runqgrab do, on deques: as go-like and as slow as can be.
struct Naive {
  std::deque<G*> ring, global;
  G* next = nullptr;

  void put(G* g, bool to_next) {
    if (to_next) {
      std::swap(next, g);
      if (g == nullptr) return;
    }
    if (ring.size() < kRing) {
      ring.push_back(g);
      return;
    }
    for (std::uint32_t i = 0; i < kRing / 2; ++i) {
      global.push_back(ring.front());
      ring.pop_front();
    }
    global.push_back(g);
  }
  G* get() {
    if (next != nullptr) return std::exchange(next, nullptr);
    if (ring.empty()) return nullptr;
    G* g = ring.front();
    ring.pop_front();
    return g;
  }
  std::vector<G*> grab() {
    std::vector<G*> out;
    for (std::size_t n = (ring.size() + 1) / 2; n > 0; --n) {
      out.push_back(ring.front());
      ring.pop_front();
    }
    return out;
  }
};

/// The same through RunQueue, as World::runqput and steal_work use it.
struct Real {
  RunQueue<kRing> q;
  std::deque<G*> global;

  void put(G* g, bool to_next) {
    if (to_next) {
      g = q.replace_runnext(g);
      if (g == nullptr) return;
    }
    if (!q.full()) {
      q.push(g);
      return;
    }
    for (std::uint32_t i = q.capacity() / 2; i > 0; --i) global.push_back(q.pop());
    global.push_back(g);
  }
  G* get() {
    if (q.runnext != nullptr) return std::exchange(q.runnext, nullptr);
    return q.pop();
  }
  std::vector<G*> grab() {
    std::vector<G*> out;
    for (std::uint32_t n = q.grab_size(); n > 0; --n) out.push_back(q.pop());
    return out;
  }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(run_queue)

BOOST_AUTO_TEST_CASE(agrees_with_a_naive_queue_on_every_script_of_nine_operations) {
  constexpr int kLength = 9;  // enough to fill ring and runnext, overflow, wrap around and drain
  std::vector<G> gs(kLength);
  std::size_t scripts = 0, overflows = 0;
  for (std::uint32_t code = 0; code < (1u << 2 * kLength); ++code) {
    Naive naive;
    Real real;
    bool same = true;
    for (int i = 0; i < kLength && same; ++i) {
      switch (code >> 2 * i & 3) {
        case 0: naive.put(&gs[i], true), real.put(&gs[i], true); break;
        case 1: naive.put(&gs[i], false), real.put(&gs[i], false); break;
        case 2: same = naive.get() == real.get(); break;
        case 3: same = naive.grab() == real.grab(); break;
      }
      same = same && naive.global == real.global && naive.ring.size() == real.q.ring_size() &&
             naive.next == real.q.runnext;
      same = same && real.q.empty() == (naive.ring.empty() && naive.next == nullptr);
      for (std::uint32_t k = 0; k < naive.ring.size() && same; ++k) same = real.q.at(k) == naive.ring[k];
    }
    BOOST_TEST_REQUIRE(same, "script " << code);
    ++scripts;
    overflows += naive.global.empty() ? 0 : 1;
  }
  BOOST_TEST(scripts == 1u << 2 * kLength);
  BOOST_TEST(overflows > 1000u);
}

BOOST_AUTO_TEST_CASE(the_tail_can_be_taken_back_until_the_ring_is_empty) {
  RunQueue<kRing> q;
  G a, b;
  q.push(&a);
  q.push(&b);
  BOOST_TEST(q.pop_last() == &b);
  BOOST_TEST(q.pop_last() == &a);
  BOOST_TEST((q.pop_last() == nullptr));
  BOOST_TEST(q.empty());
}

BOOST_AUTO_TEST_CASE(the_counters_may_wrap_around) {
  RunQueue<kRing> q;
  std::vector<G> gs(kRing);
  for (int round = 0; round < 100'000; ++round) {
    for (G& g : gs) q.push(&g);
    BOOST_TEST_REQUIRE(q.full());
    for (G& g : gs) BOOST_TEST_REQUIRE(q.pop() == &g);
  }
  BOOST_TEST(q.pop() == nullptr);
}

BOOST_AUTO_TEST_SUITE_END()
