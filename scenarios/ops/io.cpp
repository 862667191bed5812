// io: a request to a socket, the next event of one, or a read of a file. `ok` becomes 0 when the deadline came first.
#include <algorithm>

#include "scenarios/ops/op.hpp"

namespace gmpsim {
namespace {

const Instr* exec_io(Run& r, const Instr* i) {
  const Instr* next = nullptr;
  auto* device = object<Device>(r, i, ValueKind::device, next);
  if (device == nullptr) return next;
  std::int64_t timeout = kNever;
  if (i->b.present() && !r.integer(i->b, i, timeout)) return nullptr;
  Duration latency = 0;
  if (device->type != Device::Type::events) {
    if (device->timing.is_constant()) {
      latency = device->timing.quantile(0);
    } else {
      Site site = r.site(i->extra);
      if (device->stream != 0) site.stream = device->stream;
      latency = device->timing.quantile(r.world.chooser().draw(site));
      ++r.draws(i->extra);
    }
  }
  latency = std::clamp<Duration>(latency, 0, kNever - 1 - r.world.now());
  return r.after(r.world.io(r.g, *device, latency, timeout), i + 1);
}

const Instr* exec_io_done(Run& r, const Instr* i) {
  return r.store(i->to, Value{static_cast<std::int64_t>(r.g.ok)}) ? i + 1 : nullptr;
}

void compile_io(OpCompiler& c) {
  Instr i = c.instr(exec_io);
  i.flags = Instr::kSafePoint;
  i.a = c.value("io");
  if (c.has("timeout")) i.b = c.value("timeout");
  i.extra = c.new_site();
  c.emit(i);
  if (!c.has("ok")) return;
  Instr done = c.instr(exec_io_done);
  done.to = c.name("ok");
  c.emit(done);
}

}  // namespace

void register_ops_io(Registry_ops& r) {
  r.add({.verb = {.key = "io",
                  .form = OpForm::reference,
                  .doc = "ask a socket or read a file",
                  .kinds = {ValueKind::device}},
         .group = "outside",
         .parts = {{.key = "timeout", .form = OpForm::time, .doc = "give up after so long; files know no deadline"},
                   {.key = "ok", .form = OpForm::name, .doc = "becomes 0 when the deadline came first, else 1"}},
         .compile = compile_io});
}

}  // namespace gmpsim
