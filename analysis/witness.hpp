#pragma once
// The second witness: re-derives, from the stream of transitions alone, what every goroutine and every P is doing.
//
// The model asserts as it writes; this is the independent reading that metrics and oracles share, so that each of them
// is a few lines over facts ("this wait for a P took 4.6 ms"). For each record, `apply` returns those facts.
//
// Rejected: letting metrics ask the model (then an imported trace could not be read); mirroring the order inside run
// queues (the stream tells how many goroutines move, which is all that lengths need).
// Invariants: memory grows with the goroutines alive at once (about 110 bytes each, and 4 bytes for each one ever
// created), never with time. A stream that contradicts itself is read as well as can be; it never crashes.

#include <cstdint>
#include <string>
#include <vector>

#include "analysis/gauge.hpp"
#include "sim/recorder.hpp"
#include "sim/transition.hpp"

namespace gmpsim {

inline constexpr std::uint32_t kNoProgram = 0xffffffff;

/// What the witness knows of a goroutine that has not ended.
struct LiveGoroutine {
  enum class State : std::uint8_t { created, runnable, running, waiting, syscall };
  std::uint32_t g = kNoG;
  std::uint32_t program = kNoProgram;
  std::uint32_t ordinal = 0;  ///< n-th of its program, from 1
  State state = State::created;
  std::uint8_t why = 0;        ///< waiting: WaitReason; runnable: Why
  std::uint16_t p = kNoP;      ///< runnable: its queue; running, syscall: its P
  std::uint32_t object = 0;    ///< waiting: as in g_waiting, 0 none
  Time since = 0;              ///< when it entered its state
  Time due = kNever;           ///< a timer or sleep that concerns it: when it was to run; kNever when none
  Duration idle_mark = 0;      ///< runnable: idle time of Ps when it was queued, see Facts::stranded
  Duration cpu = 0;            ///< time on a P, over measured phases
  Duration worst_wait = -1;    ///< its longest wait for a P so far, over measured phases
  std::uint32_t previous = 0;  // list of runnable goroutines, oldest first (slots)
  std::uint32_t next = 0;
  std::uint32_t extra = 0;  ///< free for the user of the witness (Metrics: watched goroutines and open spans)
};

/// What the witness knows of a P.
struct ProcView {
  enum class State : std::uint8_t { idle, overhead, busy, syscall, stopped, gone, kCount };
  State state = State::idle;
  Time since = 0;          ///< when it entered the state, or when a phase began
  std::uint32_t g = kNoG;  ///< busy, syscall: the goroutine
  std::uint32_t slot = 0;  ///< its slot
  std::uint32_t m = kNoM;
  std::uint32_t last_g = kNoG;  ///< the goroutine that ran before, with its stretch
  std::uint32_t last_program = kNoProgram;
  std::uint32_t last_ordinal = 0;
  Time last_from = 0;
  Time last_until = 0;
  Time fired_due = kNever;                                      ///< due time of a timer it fired for no known goroutine
  Duration time[static_cast<std::size_t>(State::kCount)] = {};  ///< whole run, settled at changes
  Gauge queue;                                                  ///< length of its local queue, runnext included
};

/// What one transition meant. Each flag says which fields below hold; the others keep what was there before, because
/// clearing them all would cost more than the rest of a record.
struct Facts {
  std::uint32_t slot = 0;  ///< of the record's goroutine; 0: none. Still readable when it has just ended.
  bool started = false;    ///< it went from runnable to running
  bool late = false;       ///< it started, and a timer was to make it run before
  bool stopped = false;    ///< a stretch on a P ended
  bool unblocked = false;  ///< it stopped waiting for an object
  bool ended = false;

  // started
  Duration delay = 0;  ///< how long it was runnable
  Time queued_at = 0;
  std::uint16_t queue = kNoP;  ///< whose queue it entered
  Duration stranded = 0;       ///< how much of `delay` some P was idle
  // late
  Duration lateness = 0;
  // stopped
  Duration ran = 0;
  Time ran_from = 0;
  std::uint16_t ran_on = kNoP;
  // unblocked
  Duration blocked = 0;
  Time blocked_at = 0;
  std::uint8_t reason = 0;
  std::uint32_t object = 0;

  void clear() {
    slot = 0;
    started = late = stopped = unblocked = ended = false;
  }
};

class Witness {
 public:
  /// Goroutines from here on are ignored: the runtime numbers its own apart, and their time is the runtime's.
  static constexpr std::uint32_t kMaxGoroutine = 1u << 28;
  static constexpr std::uint16_t kMaxProc = 4096;

  explicit Witness(const TraceInfo& info);

  const Facts& apply(const Transition& t);
  /// Accounts for the time up to `at` (a phase begins, the run ended); call before reading times.
  void settle(Time at);

  [[nodiscard]] const TraceInfo& info() const { return *info_; }
  [[nodiscard]] Time now() const { return now_; }

  // --- goroutines
  [[nodiscard]] LiveGoroutine& slot(std::uint32_t s) { return slots_[s]; }
  [[nodiscard]] const LiveGoroutine& slot(std::uint32_t s) const { return slots_[s]; }
  /// Slot of goroutine `g`, 0 when it is not alive.
  [[nodiscard]] std::uint32_t slot_of(std::uint32_t g) const { return g < slot_of_.size() ? slot_of_[g] : 0; }
  [[nodiscard]] const LiveGoroutine* find(std::uint32_t g) const {
    return slot_of(g) == 0 ? nullptr : &slots_[slot_of(g)];
  }
  [[nodiscard]] std::uint64_t created() const { return created_; }
  [[nodiscard]] std::uint64_t arrived() const { return arrived_; }  ///< by streams of arrivals
  [[nodiscard]] std::uint64_t live() const { return live_; }
  [[nodiscard]] std::uint64_t live_max() const { return live_max_; }
  [[nodiscard]] std::size_t slots() const {
    return slots_.size();
  }  ///< what is allocated: at most one more than were ever alive at once, and the head
  /// The goroutine that has been runnable for longest, or null.
  [[nodiscard]] const LiveGoroutine* oldest_runnable() const {
    return slots_[0].next == 0 ? nullptr : &slots_[slots_[0].next];
  }
  /// The next younger runnable goroutine, or null.
  [[nodiscard]] const LiveGoroutine* after(const LiveGoroutine& g) const {
    return g.next == 0 ? nullptr : &slots_[g.next];
  }
  /// Calls `visit(goroutine)` for those alive, in order of their numbers.
  template <class Visit>
  void each_live(Visit visit) const {
    for (const std::uint32_t s : slot_of_) {
      if (s != 0) visit(slots_[s]);
    }
  }
  /// Number created of every program.
  [[nodiscard]] const std::vector<std::uint32_t>& created_of() const { return created_of_; }

  // --- processors and queues
  [[nodiscard]] const std::vector<ProcView>& procs() const { return procs_; }
  [[nodiscard]] std::vector<ProcView>& procs() { return procs_; }
  [[nodiscard]] const Gauge& state_count(ProcView::State s) const { return counts_[static_cast<std::size_t>(s)]; }
  [[nodiscard]] const Gauge& runnable() const { return runnable_; }
  [[nodiscard]] const Gauge& global_queue() const { return global_; }
  /// Time during which some P was idle while some goroutine was runnable.
  [[nodiscard]] Duration idle_while_runnable() const {
    return idle_while_runnable_ + (stranding_since_ != kNever ? now_ - stranding_since_ : 0);
  }
  [[nodiscard]] Duration idle_clock(Time at) const {
    return idle_clock_ + (idle_since_ != kNever ? at - idle_since_ : 0);
  }
  [[nodiscard]] std::int64_t idle_procs() const { return counts_[0].value(); }

  // --- threads
  [[nodiscard]] const Gauge& threads() const { return threads_; }
  [[nodiscard]] std::uint64_t threads_created() const { return threads_created_; }

 private:
  std::uint32_t open_slot(std::uint32_t g);
  void close_slot(std::uint32_t s);
  void link(std::uint32_t s);
  void unlink(std::uint32_t s);
  ProcView* proc(std::uint16_t p);
  Gauge* queue(std::uint16_t p);
  void move(std::uint16_t from, std::uint16_t to, std::int64_t n);
  void enter(ProcView& p, ProcView::State state);
  void leave_state(std::uint32_t s, const Transition& t);
  void watch_idle();

  void on_create(const Transition& t);
  void on_runnable(const Transition& t);
  void on_running(const Transition& t);
  void on_waiting(const Transition& t);
  void on_syscall(const Transition& t);
  void on_end(const Transition& t);

  const TraceInfo* info_;
  Time now_ = 0;
  Facts facts_;
  std::vector<LiveGoroutine> slots_;  // [0] is the head of the list of runnable goroutines
  std::vector<std::uint32_t> free_;
  std::vector<std::uint32_t> slot_of_;
  std::uint32_t pending_close_ = 0;  // slot of a goroutine that just ended; reused after the next record
  std::vector<std::uint32_t> created_of_;
  std::uint64_t created_ = 0;
  std::uint64_t arrived_ = 0;
  std::uint64_t live_ = 0;
  std::uint64_t live_max_ = 0;

  std::vector<ProcView> procs_;
  Gauge counts_[static_cast<std::size_t>(ProcView::State::kCount)];
  Gauge runnable_;
  Gauge global_;
  Duration idle_clock_ = 0;   // time during which some P was idle, without the stretch since idle_since_
  Time idle_since_ = kNever;  // since when some P is idle; kNever: none is
  Duration idle_while_runnable_ = 0;
  Time stranding_since_ = kNever;

  Gauge threads_;
  std::uint64_t threads_created_ = 0;
};

/// "G7 worker"; "G7" when its program is unknown.
[[nodiscard]] std::string goroutine_name(const TraceInfo& info, std::uint32_t g, std::uint32_t program);
/// "P2 local queue" or "global queue".
[[nodiscard]] std::string queue_name(std::uint16_t p);
[[nodiscard]] std::string label_name(const TraceInfo& info, std::uint32_t label);
/// As the run's Go version prints it ("chan receive"), else our own name of the reason.
[[nodiscard]] std::string wait_reason_text(const TraceInfo& info, std::uint8_t reason);
[[nodiscard]] const char* name_of(WaitReason reason);

}  // namespace gmpsim
