#pragma once
// Coroutines of the simulation: Task<T>, lazy, move-only, awaited once, frame from the pool of its engine.
//
// Nested tasks hand over through a cursor driven by one loop, not by symmetric transfer: g++ 12 turns a million
// synchronous awaits into a stack overflow at -O0 and -O1. A suspended chain is represented by its innermost frame (the
// leaf of the cursor); whoever owns the cursor (a thread of the model, a goroutine) continues it with `resume`.
// Only `drive` resumes a coroutine.
//
// A coroutine finds its pool through its first parameter (for a member function: the object), which must have
// `FramePool& frames()`. Exceptions (failed checks, panics of C++ goroutines) pass from task to task as in plain calls.

#include <coroutine>
#include <exception>
#include <utility>

#include "sim/frame_pool.hpp"
#include "sim/time.hpp"

namespace gmpsim {

/// Where a chain of nested tasks stands. Its owner decides what it means to spend time (see Engine and World).
struct RunCursor {
  std::coroutine_handle<> next;                  ///< to be resumed by `drive` now
  std::coroutine_handle<> leaf;                  ///< suspended, waiting for its owner
  void (*burn)(RunCursor&, Duration) = nullptr;  ///< called when a leaf has to wait for `d` of its owner's time
};

inline void drive(RunCursor& cursor) {
  while (cursor.next) std::exchange(cursor.next, {}).resume();
}

/// Continues the suspended leaf and runs until the chain suspends again or ends.
inline void resume(RunCursor& cursor) {
  cursor.next = std::exchange(cursor.leaf, {});
  drive(cursor);
}

class PromiseBase {
 public:
  RunCursor* cursor = nullptr;
  std::coroutine_handle<> parent;
  std::exception_ptr error;

  std::suspend_always initial_suspend() noexcept { return {}; }
  struct Final {
    bool await_ready() noexcept { return false; }
    template <class P>
    void await_suspend(std::coroutine_handle<P> h) noexcept {
      h.promise().cursor->next = h.promise().parent;
    }
    void await_resume() noexcept {}
  };
  Final final_suspend() noexcept { return {}; }
  // An exception goes to whoever awaits this task; from the outermost task to whoever drives.
  void unhandled_exception() {
    if (!parent) throw;
    error = std::current_exception();
  }
  void rethrow() {
    if (error) [[unlikely]]
      std::rethrow_exception(std::exchange(error, {}));
  }

  template <class First, class... Rest>
  static void* operator new(std::size_t n, First& first, const Rest&...) {
    return first.frames().allocate(n);
  }
  static void operator delete(void* p, std::size_t n) { FramePool::release(p, n); }
};

template <class T = void>
class [[nodiscard]] Task;

namespace detail {
template <class T>
struct Promise : PromiseBase {
  T value{};
  Task<T> get_return_object();
  void return_value(T v) { value = std::move(v); }
  T take() { return std::move(value); }
};
template <>
struct Promise<void> : PromiseBase {
  Task<void> get_return_object();
  void return_void() {}
  void take() {}
};
}  // namespace detail

template <class T>
class [[nodiscard]] Task {
 public:
  using promise_type = detail::Promise<T>;
  using Handle = std::coroutine_handle<promise_type>;

  Task() = default;
  explicit Task(Handle h) : handle_(h) {}
  Task(Task&& other) noexcept : handle_(std::exchange(other.handle_, {})) {}
  Task& operator=(Task&& other) noexcept {
    if (this != &other) {
      destroy();
      handle_ = std::exchange(other.handle_, {});
    }
    return *this;
  }
  ~Task() { destroy(); }

  [[nodiscard]] explicit operator bool() const { return static_cast<bool>(handle_); }
  [[nodiscard]] bool done() const { return handle_.done(); }

  /// Makes this the outermost task of `cursor`; `drive(cursor)` starts it.
  void start_on(RunCursor& cursor) {
    handle_.promise().cursor = &cursor;
    cursor.next = handle_;
  }

  // --- awaited by another task
  bool await_ready() const noexcept { return false; }
  template <class P>
  void await_suspend(std::coroutine_handle<P> parent) noexcept {
    auto& promise = handle_.promise();
    promise.cursor = parent.promise().cursor;
    promise.parent = parent;
    promise.cursor->next = handle_;
  }
  T await_resume() {
    handle_.promise().rethrow();
    return handle_.promise().take();
  }

 private:
  void destroy() {
    if (handle_) std::exchange(handle_, {}).destroy();
  }
  Handle handle_;
};

template <class T>
Task<T> detail::Promise<T>::get_return_object() {
  return Task<T>(std::coroutine_handle<Promise<T>>::from_promise(*this));
}
inline Task<void> detail::Promise<void>::get_return_object() {
  return Task<void>(std::coroutine_handle<Promise<void>>::from_promise(*this));
}

/// Suspends the innermost task until its owner resumes it.
struct Suspend {
  bool await_ready() const noexcept { return false; }
  template <class P>
  void await_suspend(std::coroutine_handle<P> h) noexcept {
    h.promise().cursor->leaf = h;
  }
  void await_resume() const noexcept {}
};

}  // namespace gmpsim
