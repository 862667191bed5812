#pragma once
// Goroutines in C++: a coroutine whose first parameter is `Go&` is a goroutine.
//
//   Task<> worker(Go& go, Chan* jobs, Chan* results) {
//     for (;;) {
//       const Received job = co_await go.recv(jobs);
//       if (!job.ok) co_return;
//       co_await go.run(us(50));
//       co_await go.send(results, job.value.bits * 2);
//     }
//   }
//   …
//   spawn(world, worker, jobs, results);              // from outside
//   co_await go.start(worker, jobs, results);         // the go statement
//
// The operations are those of the interpreter, with the same costs and safe points. Traps of g++ 12: one co_await a
// statement, its result bound to a name; arguments by value; no braces with a co_await inside.

#include <tuple>
#include <utility>

#include "models/go/world.hpp"

namespace gmpsim {

using Received = World::Received;

/// A panic on its way through a C++ goroutine: catch it to recover; uncaught, the run ends.
struct GoPanic {
  std::string message;
  bool fatal = false;
};

/// A goroutine written in C++: its coroutine, and what it may do.
class Go : public RunCursor {
 public:
  Go(World& w, std::uint32_t program) : world(w), program_(program) {}
  World& world;
  G* g = nullptr;
  FramePool& frames() { return world.frames(); }

  /// An operation in progress. `Derived` has `Cost`-paying `start()` and `finish()`.
  class Pending {
   public:
    virtual bool go_on() = 0;  ///< true: complete

   protected:
    ~Pending() = default;
  };

  template <class Derived>
  class Operation : public Pending {
   public:
    Operation(Go& go, Duration cost) : go_(go), cost_(cost) {}
    bool await_ready() { return go_on(); }
    template <class P>
    void await_suspend(std::coroutine_handle<P> h) noexcept {
      go_.leaf = h;
      go_.pending_ = this;
    }
    decltype(auto) await_resume() { return static_cast<Derived*>(this)->finish(); }

    bool go_on() final {
      switch (stage_) {
        case Stage::fresh:
          if (go_.world.safe_point(*go_.g)) return false;
          stage_ = Stage::paid;
          if (!go_.world.spend(*go_.g, cost_, Preemptible::never)) return false;
          [[fallthrough]];
        case Stage::paid: stage_ = Stage::over; return static_cast<Derived*>(this)->start() == Step::done;
        case Stage::over: break;
      }
      return true;
    }

   protected:
    Go& go_;

   private:
    enum class Stage : std::uint8_t { fresh, paid, over };
    Duration cost_;
    Stage stage_ = Stage::fresh;
  };

  class [[nodiscard]] Send final : public Operation<Send> {
   public:
    Send(Go& go, Chan* c, Payload v) : Operation(go, go.world.cost(Cost::chan)), c_(c), v_(v) {}
    Step start() { return go_.world.chan_send(*go_.g, c_, v_); }
    void finish() { panic_if(go_.world.chan_send_finish(*go_.g)); }

   private:
    Chan* c_;
    Payload v_;
  };
  class [[nodiscard]] Recv final : public Operation<Recv> {
   public:
    Recv(Go& go, Chan* c) : Operation(go, go.world.cost(Cost::chan)), c_(c) {}
    Step start() { return go_.world.chan_recv(*go_.g, c_); }
    Received finish() { return go_.world.chan_recv_finish(*go_.g); }

   private:
    Chan* c_;
  };
  class [[nodiscard]] WaitForGroup final : public Operation<WaitForGroup> {
   public:
    WaitForGroup(Go& go, WaitGroup* w) : Operation(go, go.world.cost(Cost::wait_group)), w_(w) {}
    Step start() { return go_.world.wait_group_wait(*go_.g, *w_); }
    void finish() { panic_if(go_.world.wait_group_wait_finish(*go_.g, *w_)); }

   private:
    WaitGroup* w_;
  };
  /// An operation that is one call of World and has no result beyond an error.
  template <class F>
  class [[nodiscard]] Call final : public Operation<Call<F>> {
   public:
    Call(Go& go, Duration cost, bool fatal, F f) : Operation<Call<F>>(go, cost), fatal_(fatal), f_(f) {}
    Step start() { return f_(error_, this->go_); }
    void finish() { panic_if(error_, fatal_); }

   private:
    bool fatal_;  ///< what goes wrong is a fatal error, not a panic
    F f_;
    const char* error_ = nullptr;
  };

  [[nodiscard]] Send send(Chan* c, std::int64_t v) { return Send(*this, c, Payload{v, 0}); }
  [[nodiscard]] Recv recv(Chan* c) { return Recv(*this, c); }
  [[nodiscard]] auto close(Chan* c) {
    return call(world.cost(Cost::chan), [c](const char*& e, Go& go) { return go.world.chan_close(*go.g, c, e); });
  }
  [[nodiscard]] auto lock(Mutex* m) {
    return call(world.cost(Cost::mutex), [m](const char*&, Go& go) { return go.world.mutex_lock(*go.g, *m); });
  }
  [[nodiscard]] auto unlock(Mutex* m) {
    return call(
        world.cost(Cost::mutex), [m](const char*& e, Go& go) { return go.world.mutex_unlock(*go.g, *m, e); }, true);
  }
  [[nodiscard]] auto rlock(RWMutex* m) {
    return call(world.cost(Cost::rwmutex), [m](const char*&, Go& go) { return go.world.rwmutex_rlock(*go.g, *m); });
  }
  [[nodiscard]] auto runlock(RWMutex* m) {
    return call(
        world.cost(Cost::rwmutex), [m](const char*& e, Go& go) { return go.world.rwmutex_runlock(*go.g, *m, e); },
        true);
  }
  [[nodiscard]] auto lock(RWMutex* m) {
    return call(world.cost(Cost::rwmutex), [m](const char*&, Go& go) { return go.world.rwmutex_lock(*go.g, *m); });
  }
  [[nodiscard]] auto unlock(RWMutex* m) {
    return call(
        world.cost(Cost::rwmutex), [m](const char*& e, Go& go) { return go.world.rwmutex_unlock(*go.g, *m, e); }, true);
  }
  [[nodiscard]] auto add(WaitGroup* w, std::int64_t n) {
    return call(world.cost(Cost::wait_group),
                [w, n](const char*& e, Go& go) { return go.world.wait_group_add(*go.g, *w, n, e); });
  }
  [[nodiscard]] auto done(WaitGroup* w) { return add(w, -1); }
  [[nodiscard]] WaitForGroup wait(WaitGroup* w) { return WaitForGroup(*this, w); }
  [[nodiscard]] auto wait(Cond* c) {
    return call(world.cost(Cost::cond), [c](const char*& e, Go& go) { return go.world.cond_wait(*go.g, *c, e); }, true);
  }
  [[nodiscard]] auto signal(Cond* c) {
    return call(world.cost(Cost::cond), [c](const char*&, Go& go) { return go.world.cond_signal(*go.g, *c); });
  }
  [[nodiscard]] auto broadcast(Cond* c) {
    return call(world.cost(Cost::cond), [c](const char*&, Go& go) { return go.world.cond_broadcast(*go.g, *c); });
  }
  [[nodiscard]] auto sleep(Duration d) {
    return call(world.cost(Cost::sleep), [d](const char*&, Go& go) { return go.world.sleep(*go.g, d); });
  }
  /// Asks a socket or reads a file; g->ok says whether it came before the deadline.
  [[nodiscard]] auto io(Device* d, Duration latency, Duration timeout = kNever) {
    return call(0, [d, latency, timeout](const char*&, Go& go) { return go.world.io(*go.g, *d, latency, timeout); });
  }
  [[nodiscard]] auto io_wait(PollDesc* d) {
    return call(world.cost(Cost::syscall_enter), [d](const char*&, Go& go) { return go.world.io_wait(*go.g, *d); });
  }
  /// A C call that blocks for d.
  [[nodiscard]] auto cgo(Duration d, CLibrary* library = nullptr) {
    return call(0, [d, library](const char*&, Go& go) {
      go.world.cgo(*go.g, d, library);
      return Step::wait;
    });
  }
  /// context.WithCancel or WithTimeout; `*made` is valid when it returns.
  [[nodiscard]] auto context(CancelCtx* parent, CancelCtx** made, Duration timeout = kNever) {
    return call(world.cost(Cost::context), [parent, made, timeout](const char*&, Go& go) {
      return go.world.context_new(*go.g, parent, timeout, *made);
    });
  }
  [[nodiscard]] auto cancel(CancelCtx* c) {
    return call(world.cost(Cost::context), [c](const char*&, Go& go) { return go.world.context_cancel(*go.g, *c); });
  }
  [[nodiscard]] auto reset(Timer* t, Duration d, Duration period = 0) {
    return call(0, [t, d, period](const char*&, Go& go) { return go.world.timer_start(*go.g, *t, d, period); });
  }
  /// runtime.Gosched.
  [[nodiscard]] auto yield() {
    return call(0, [](const char*&, Go& go) {
      go.world.gosched(*go.g);
      return Step::wait;
    });
  }
  /// A blocking system call of length d; if a signal may interrupt it, g->ok says that none has.
  [[nodiscard]] auto syscall(Duration d, bool interruptible = false) {
    return call(0, [d, interruptible](const char*&, Go& go) {
      go.world.syscall(*go.g, d, interruptible);
      return Step::wait;
    });
  }
  /// Stops the world, keeps it stopped for d, starts it again.
  [[nodiscard]] auto stop_world(Duration d) {
    return call(world.cost(Cost::step), [d](const char*&, Go& go) { return go.world.stop_world(*go.g, d); });
  }
  /// Allocates `size` bytes, of which `keep` live until this goroutine ends.
  [[nodiscard]] auto alloc(std::int64_t size, std::int64_t keep = 0) {
    return call(world.cost(Cost::alloc),
                [size, keep](const char*&, Go& go) { return go.world.alloc(*go.g, size, keep); });
  }
  /// runtime.GC.
  [[nodiscard]] auto gc() {
    return call(world.cost(Cost::step), [](const char*&, Go& go) { return go.world.gc_run(*go.g); });
  }
  /// Computes for d: CPU time that can be interrupted as `how` says.
  [[nodiscard]] auto run(Duration d, Preemptible how = Preemptible::any) {
    return call(0, [d, how](const char*&, Go& go) { return go.world.spend(*go.g, d, how) ? Step::done : Step::wait; });
  }
  /// The go statement; `fn(Go&, args...)` is the new goroutine.
  template <class... P, class... A>
  [[nodiscard]] auto start(Task<> (*fn)(Go&, P...), A... args) {
    const Body body = make_body(world, program_, fn, args...);
    return call(world.cost(Cost::go), [body](const char*&, Go& go) {
      std::uint32_t child = 0;
      return go.world.go(*go.g, body, child);
    });
  }
  /// time.AfterFunc: a goroutine `fn` when d has passed.
  template <class... P, class... A>
  [[nodiscard]] auto after(Timer* t, Duration d, Task<> (*fn)(Go&, P...), A... args) {
    using Start = Starter<P...>;
    auto* start = ::new (world.frames().allocate(sizeof(Start))) Start{program_, fn, {args...}};
    const BodyFactory factory{&Start::make, &Start::drop, start};
    return call(world.cost(Cost::timer_set),
                [t, d, factory](const char*&, Go& go) { return go.world.after_func(*go.g, *t, d, factory); });
  }
  /// runtime.LockOSThread.
  [[nodiscard]] auto lock_os_thread() {
    return call(world.cost(Cost::step), [](const char*&, Go& go) { return go.world.lock_os_thread(*go.g); });
  }
  [[nodiscard]] auto unlock_os_thread() {
    return call(world.cost(Cost::step), [](const char*&, Go& go) {
      go.world.unlock_os_thread(*go.g);
      return Step::done;
    });
  }
  /// Reports a number under a label; takes no time.
  void log(std::uint32_t label, std::int64_t value) { world.report(*g, Kind::log, label, value, 0, 1); }

  template <class... P, class... A>
  static Body make_body(World& w, std::uint32_t program, Task<> (*fn)(Go&, P...), A... args) {
    auto* go = ::new (w.frames().allocate(sizeof(Go))) Go(w, program);
    go->task_ = fn(*go, args...);
    go->task_.start_on(*go);
    go->leaf = std::exchange(go->next, {});
    return {&Go::on_resume, &Go::on_drop, go, program};
  }

 private:
  /// Makes one more goroutine of a function with its arguments (AfterFunc).
  template <class... P>
  struct Starter {
    std::uint32_t program;
    Task<> (*fn)(Go&, P...);
    std::tuple<P...> args;
    static Body make(World& w, void* state) {
      const Starter& s = *static_cast<Starter*>(state);
      return std::apply([&](const P&... a) { return make_body(w, s.program, s.fn, a...); }, s.args);
    }
    static void drop(World&, void* state) {
      auto* s = static_cast<Starter*>(state);
      s->~Starter();
      FramePool::release(s, sizeof(Starter));
    }
  };

  template <class F>
  Call<F> call(Duration cost, F f, bool fatal = false) {
    return Call<F>(*this, cost, fatal, f);
  }

  static void panic_if(const char* message, bool fatal = false) {
    if (message != nullptr) throw GoPanic{message, fatal};
  }
  static void on_resume(World& w, G& g) {
    Go& go = *static_cast<Go*>(g.body);
    go.g = &g;
    if (Pending* p = std::exchange(go.pending_, nullptr)) {
      if (!p->go_on()) {
        go.pending_ = p;
        return;
      }
    }
    try {
      gmpsim::resume(go);
    } catch (const GoPanic& p) {
      w.panic(g, p.message, p.fatal);
      return;
    }
    if (go.task_.done()) w.exit(g);
  }
  static void on_drop(World&, G& g) {
    Go* go = static_cast<Go*>(g.body);
    go->~Go();
    FramePool::release(go, sizeof(Go));
  }

  Pending* pending_ = nullptr;
  Task<> task_;
  std::uint32_t program_;
};

/// A goroutine from outside at `at`; the first one is main.
template <class... P, class... A>
void spawn_at(World& w, Time at, Task<> (*fn)(Go&, P...), A... args) {
  w.start_goroutine(Go::make_body(w, 0, fn, args...), at);
}
template <class... P, class... A>
void spawn(World& w, Task<> (*fn)(Go&, P...), A... args) {
  spawn_at(w, 0, fn, args...);
}

}  // namespace gmpsim
