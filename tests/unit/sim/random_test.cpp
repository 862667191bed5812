// Keyed random numbers: the published known answers of Philox2x64-10, and what the simulator builds on them.

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <set>

#include "sim/random.hpp"

namespace gmpsim {
namespace {

BOOST_AUTO_TEST_SUITE(random_suite)

BOOST_AUTO_TEST_CASE(philox_gives_the_published_known_answers) {
  // Random123 1.14, tests/kat_vectors, the three rows "philox2x64 10".
  struct Row {
    std::uint64_t c0, c1, key, lo, hi;
  };
  static constexpr Row rows[] = {
      {0, 0, 0, 0xca00a0459843d731ULL, 0x66c24222c9a845b5ULL},
      {~0ULL, ~0ULL, ~0ULL, 0x65b021d60cd8310fULL, 0x4d02f3222f86df20ULL},
      {0x243f6a8885a308d3ULL, 0x13198a2e03707344ULL, 0xa4093822299f31d0ULL, 0x0a5e742c2997341cULL,
       0xb0f883d38000de5dULL},
  };
  for (const Row& row : rows) {
    const Philox2x64 got = philox2x64_10(row.c0, row.c1, row.key);
    BOOST_TEST(got.lo == row.lo);
    BOOST_TEST(got.hi == row.hi);
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace gmpsim
