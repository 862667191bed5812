#pragma once
// Memory of one engine: coroutine frames, interpreter frames, wait-list nodes. Freed blocks go to a list of their size and
// are used again at once; nothing is given back before the engine ends, so an allocation costs a few instructions.
//
// A block finds its pool by address: slabs are aligned to their size and begin with a header. So a coroutine frame needs
// no hidden pointer, and there is no global or thread-local allocator: engines run side by side in threads.
// Rejected: a pointer before each frame (16 bytes a goroutine), thread_local pools.

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <new>
#include <vector>

#include "sim/check.hpp"

namespace gmpsim {

class FramePool {
 public:
  static constexpr std::size_t kSlab = std::size_t{256} << 10;
  static constexpr std::size_t kGrain = 16;
  static constexpr std::size_t kLargest = 4096;  ///< larger blocks get slabs of their own

  FramePool() = default;
  FramePool(const FramePool&) = delete;
  FramePool& operator=(const FramePool&) = delete;
  ~FramePool() {
    for (void* block : blocks_) std::free(block);
  }

  [[nodiscard]] void* allocate(std::size_t n) {
    const std::size_t c = (n + kGrain - 1) / kGrain;
    in_use_ += c * kGrain;
    if (n <= kLargest) [[likely]] {
      if (Free* f = free_[c]) {
        free_[c] = f->next;
        return f;
      }
      if (c * kGrain > static_cast<std::size_t>(end_ - cursor_)) new_slab();  // both are null at first
      void* p = cursor_;
      cursor_ += c * kGrain;
      return p;
    }
    return allocate_large(n);
  }

  /// Gives a block of `n` bytes back to the pool that it came from.
  static void release(void* p, std::size_t n) {
    const std::size_t c = (n + kGrain - 1) / kGrain;
    auto* header = reinterpret_cast<Header*>(reinterpret_cast<std::uintptr_t>(p) & ~(kSlab - 1));
    FramePool& pool = *header->pool;
    pool.in_use_ -= c * kGrain;
    if (n <= kLargest) [[likely]] {
      auto* f = static_cast<Free*>(p);
      f->next = pool.free_[c];
      pool.free_[c] = f;
      return;
    }
    pool.release_large(header);
  }

  [[nodiscard]] std::size_t bytes_in_use() const { return in_use_; }
  [[nodiscard]] std::size_t bytes_reserved() const { return reserved_; }

 private:
  struct Free {
    Free* next;
  };
  struct alignas(kGrain) Header {
    FramePool* pool;
    std::size_t bytes;
  };

  char* take_memory(std::size_t bytes) {
    void* memory = std::aligned_alloc(kSlab, bytes);
    if (memory == nullptr) throw std::bad_alloc();
    blocks_.push_back(memory);
    reserved_ += bytes;
    return static_cast<char*>(memory);
  }
  // Slabs are cut from blocks that double in size: asking for one aligned slab at a time would waste as much again.
  void new_slab() {
    if (spare_ == 0) {
      next_ = take_memory(kSlab * block_slabs_);
      spare_ = block_slabs_;
      if (block_slabs_ < 64) block_slabs_ *= 2;
    }
    char* slab = next_;
    next_ += kSlab;
    --spare_;
    ::new (static_cast<void*>(slab)) Header{this, kSlab};
    cursor_ = slab + sizeof(Header);
    end_ = slab + kSlab;
  }
  void* allocate_large(std::size_t n) {
    const std::size_t bytes = (n + sizeof(Header) + kSlab - 1) / kSlab * kSlab;
    char* memory = take_memory(bytes);
    ::new (static_cast<void*>(memory)) Header{this, bytes};
    return memory + sizeof(Header);
  }
  void release_large(Header* header) {
    reserved_ -= header->bytes;
    std::erase(blocks_, static_cast<void*>(header));
    std::free(header);
  }

  std::array<Free*, kLargest / kGrain + 1> free_{};
  char* cursor_ = nullptr;
  char* end_ = nullptr;
  char* next_ = nullptr;  ///< spare slabs of the last block
  std::size_t spare_ = 0;
  std::size_t block_slabs_ = 1;  ///< of the next block
  std::vector<void*> blocks_;
  std::size_t in_use_ = 0;
  std::size_t reserved_ = 0;
};

}  // namespace gmpsim
