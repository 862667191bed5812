// The pool of frames: blocks are aligned, apart from each other, used again, and accounted for.

#include "sim/frame_pool.hpp"

#include <boost/test/unit_test.hpp>
#include <cstring>
#include <vector>

#include "sim/random.hpp"

namespace gmpsim {
namespace {

BOOST_AUTO_TEST_SUITE(frame_pool_suite)

BOOST_AUTO_TEST_CASE(random_allocations_never_overlap_and_all_come_back) {
  struct Block {
    unsigned char* memory;
    std::size_t size;
    unsigned char mark;
  };
  FramePool pool;
  std::vector<Block> live;
  const auto check = [](const Block& b) {
    for (std::size_t i = 0; i < b.size; ++i)
      if (b.memory[i] != b.mark) return false;
    return true;
  };
  for (std::uint64_t step = 0; step < 40'000; ++step) {
    const std::uint64_t bits = random_bits(5, 0, 0, step);
    if (live.empty() || bits % 8 < 5) {
      // Mostly small ones, some at the edge of the size classes, some with a slab (or several) of their own.
      const std::size_t size = bits % 64 == 0   ? 300'000 + (bits >> 20) % 300'000
                               : bits % 16 == 1 ? FramePool::kLargest - 1 + (bits >> 20) % 3
                                                : 1 + (bits >> 20) % 300;
      if (size > 100'000 && live.size() > 200) continue;
      const Block b{static_cast<unsigned char*>(pool.allocate(size)), size, static_cast<unsigned char>(bits >> 32)};
      BOOST_TEST_REQUIRE(reinterpret_cast<std::uintptr_t>(b.memory) % FramePool::kGrain == 0u);
      std::memset(b.memory, b.mark, b.size);
      live.push_back(b);
    } else {
      const std::size_t i = (bits >> 8) % live.size();
      BOOST_TEST_REQUIRE(check(live[i]), "a block was overwritten");
      FramePool::release(live[i].memory, live[i].size);
      live[i] = live.back();
      live.pop_back();
    }
  }
  BOOST_TEST(pool.bytes_in_use() > 0u);
  for (const Block& b : live) {
    BOOST_TEST_REQUIRE(check(b));
    FramePool::release(b.memory, b.size);
  }
  BOOST_TEST(pool.bytes_in_use() == 0u);
}

BOOST_AUTO_TEST_CASE(a_released_block_is_used_again_at_once) {
  FramePool pool;
  void* const first = pool.allocate(100);
  FramePool::release(first, 100);
  BOOST_TEST(pool.allocate(112) == first);  // 100 and 112 bytes are one size: seven grains
  BOOST_TEST(pool.allocate(100) != first);
}

BOOST_AUTO_TEST_CASE(memory_grows_with_what_is_alive_and_not_with_what_ever_was) {
  FramePool pool;
  for (int round = 0; round < 1'000; ++round) {
    std::vector<void*> blocks;
    for (int i = 0; i < 100; ++i) blocks.push_back(pool.allocate(200));
    for (void* b : blocks) FramePool::release(b, 200);
    void* const large = pool.allocate(1'000'000);
    FramePool::release(large, 1'000'000);
  }
  BOOST_TEST(pool.bytes_in_use() == 0u);
  BOOST_TEST(pool.bytes_reserved() == FramePool::kSlab);
}

BOOST_AUTO_TEST_CASE(a_million_small_blocks_cost_little_more_than_themselves) {
  FramePool pool;
  for (int i = 0; i < 1'000'000; ++i) (void)pool.allocate(64);
  BOOST_TEST(pool.bytes_in_use() == 64'000'000u);
  BOOST_TEST(pool.bytes_reserved() < 67'200'000u);  // 5 % more: slabs are cut from ever larger blocks
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace gmpsim
