#include "scenarios/typing.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "scenarios/grammar.hpp"

namespace gmpsim {
namespace {

/// A node with its pointer; absent ones are harmless to ask.
class View {
 public:
  View(const Node* node, std::string pointer, const Constants& constants) : node_(node), pointer_(std::move(pointer)), constants_(&constants) {}

  [[nodiscard]] explicit operator bool() const { return node_ != nullptr; }
  [[nodiscard]] const Node& node() const { return *node_; }
  [[nodiscard]] Place place() const { return node_ == nullptr ? Place{} : Place{node_, pointer_}; }
  [[nodiscard]] bool is(Node::Type type) const { return node_ != nullptr && node_->is(type); }

  [[nodiscard]] View at(std::string_view key) const {
    return {node_ == nullptr ? nullptr : node_->find(key), node_ == nullptr ? "" : pointer_to(pointer_, key), *constants_};
  }
  template <class Body>
  void each(Body&& body) const {
    if (node_ == nullptr) return;
    for (std::size_t i = 0; i < node_->items.size(); ++i) body(View(&node_->items[i], pointer_to(pointer_, i), *constants_));
  }
  template <class Body>
  void each_member(Body&& body) const {
    if (node_ == nullptr) return;
    for (const Node::Member& member : node_->members) {
      if (!is_remark(member.key)) body(member.key, View(&member.value, pointer_to(pointer_, member.key), *constants_));
    }
  }

  [[nodiscard]] std::string text(std::string otherwise = {}) const { return is(Node::Type::string) ? node_->text : std::move(otherwise); }
  [[nodiscard]] bool boolean(bool otherwise) const { return is(Node::Type::boolean) ? node_->boolean : otherwise; }
  [[nodiscard]] std::optional<std::int64_t> integer() const { return value(&Constants::integer); }
  [[nodiscard]] std::int64_t integer(std::int64_t otherwise) const { return integer().value_or(otherwise); }
  [[nodiscard]] std::optional<Duration> time() const { return value(&Constants::time); }
  [[nodiscard]] Duration time(Duration otherwise) const { return time().value_or(otherwise); }
  [[nodiscard]] std::optional<std::int64_t> size() const { return value(&Constants::size); }
  [[nodiscard]] std::optional<std::int64_t> ratio() const { return value(&Constants::ratio); }
  [[nodiscard]] Rate rate() const {
    if (node_ == nullptr) return {};
    const Constant c = constants_->rate(*node_);
    return c ? Rate{c.value, c.per} : Rate{};
  }
  [[nodiscard]] Distribution distribution() const { return node_ == nullptr ? Distribution{} : typed_distribution(*node_, *constants_); }
  [[nodiscard]] std::vector<std::string> texts() const {
    std::vector<std::string> out;
    each([&](const View& item) { out.push_back(item.text()); });
    return out;
  }
  /// An integer, or a list of them.
  [[nodiscard]] std::vector<std::int64_t> integers() const {
    std::vector<std::int64_t> out;
    if (node_ == nullptr) return out;
    if (!is(Node::Type::array)) out.push_back(integer(0));
    each([&](const View& item) { out.push_back(item.integer(0)); });
    return out;
  }
  [[nodiscard]] std::vector<Setting> settings() const {
    std::vector<Setting> out;
    each_member([&](const std::string& name, const View& value) { out.push_back({name, value.place()}); });
    return out;
  }
  [[nodiscard]] std::vector<Argument> arguments() const {
    std::vector<Argument> out;
    each_member([&](const std::string& name, const View& value) { out.push_back({name, value.place()}); });
    return out;
  }
  /// The one member that is an alternative of `shape`: its key and value.
  [[nodiscard]] std::pair<std::string, View> alternative(const Shape& shape) const {
    std::pair<std::string, View> out{"", View(nullptr, "", *constants_)};
    each_member([&](const std::string& key, const View& value) {
      const Field* field = shape.find(key);
      if (field != nullptr && field->need == Need::alternative && out.first.empty()) out = {key, value};
    });
    return out;
  }

 private:
  [[nodiscard]] std::optional<std::int64_t> value(Constant (Constants::*read)(const Node&) const) const {
    if (node_ == nullptr) return std::nullopt;
    const Constant c = (constants_->*read)(*node_);
    return c ? std::optional(c.value) : std::nullopt;
  }

  const Node* node_;
  std::string pointer_;
  const Constants* constants_;
};

const Shape& shape_at(const Type& type, std::string_view key) { return *type.shape->find(key)->type.shape; }
const Shape& check_shape() { return *scenario_type().shape->find("checks")->type.item->shape; }
const Shape& fault_shape() { return *scenario_type().shape->find("faults")->type.item->shape; }
const Shape& arrival_shape() { return *scenario_type().shape->find("arrivals")->type.item->shape; }

Metadata metadata(const View& v) {
  return {v.at("name").text(), v.at("title").text(), v.at("description").text(), v.at("tags").texts(), v.at("authors").texts(), v.at("references").texts()};
}

Machine machine(const View& v) {
  Machine m;
  m.cores = v.at("cores").integer(0);
  m.numa_nodes = v.at("numa_nodes").integer(1);
  v.at("numa_distance").each([&](const View& row) { m.numa_distance.push_back(row.integers()); });
  m.remote_factor_ppm = v.at("remote_factor").ratio();
  m.os_scheduler = v.at("os_scheduler").text("ideal");
  m.context_switch = v.at("context_switch").time();
  m.thread_create = v.at("thread_create").time();
  if (const View quota = v.at("cpu_quota")) m.cpu_quota = {quota.at("quota").time(1), quota.at("period").time(1)};
  m.place = v.place();
  return m;
}

RuntimeSettings runtime(const View& v) {
  RuntimeSettings r;
  r.profile = v.at("profile").text(r.profile);
  r.gomaxprocs = v.at("gomaxprocs").integer(0);
  r.max_threads = v.at("max_threads").integer(r.max_threads);
  r.overrides = v.at("overrides").settings();
  r.place = v.place();
  return r;
}

ResourceType resource_type(const std::string& name) {
  for (int t = 0; t <= static_cast<int>(ResourceType::var); ++t) {
    if (name_of(static_cast<ResourceType>(t)) == name) return static_cast<ResourceType>(t);
  }
  return ResourceType::var;
}

Resource resource(const std::string& name, const View& v) {
  Resource r;
  r.name = name;
  r.type = resource_type(v.at("type").text());
  r.array = v.at("array").integer();
  r.cap = v.at("cap").integer(0);
  r.init = v.at("init").integers();
  r.kind = v.at("kind").text();
  r.mutex = v.at("mutex").text();
  r.count = v.at("count").integer(r.type == ResourceType::semaphore ? 1 : 0);
  r.period = v.at("period").time(1);
  r.after = v.at("after").time();
  r.parent = v.at("parent").text();
  r.timeout = v.at("timeout").time();
  if (const View latency = v.at("latency")) r.latency = latency.distribution();
  if (const View every = v.at("every")) r.every = every.distribution();
  r.gogc = v.at("gogc").is(Node::Type::string) && v.at("gogc").text() == "off" ? -1 : v.at("gogc").integer(100);
  r.memory_limit = v.at("memory_limit").size();
  r.trigger = v.at("trigger").size();
  r.largest_object = v.at("largest_object").size();
  r.full_spans = v.at("full_spans").integer();
  r.initial_live = v.at("initial_live").size().value_or(0);
  r.place = v.place();
  return r;
}

Program program(const std::string& name, const View& v) {
  Program p;
  p.name = name;
  p.args = v.at("args").texts();
  p.class_name = v.at("class").text();
  const View frame = v.at("frame");
  p.frame = frame.is(Node::Type::string) ? frame.size().value_or(0) : frame.integer(0);
  const View os = v.at("os");
  p.os.cores = os.at("cores").integers();
  p.os.weight = os.at("weight").integer();
  p.os.group = os.at("group").text();
  p.os.scheduling_class = os.at("class").text();
  p.body = v.at("do").place();
  p.place = v.place();
  return p;
}

Start start(const View& v) {
  return {v.at("go").text(), v.at("count").integer(1), v.at("at").time(0), v.at("args").arguments(), v.place()};
}

Arrival arrival(const std::string& name, const View& v) {
  Arrival a;
  a.name = name;
  a.program = v.at("go").text();
  a.args = v.at("args").arguments();
  a.from = v.at("from").time(0);
  a.until = v.at("until").time();
  a.max = v.at("max").integer();
  a.place = v.place();
  const auto [kind, process] = v.at("process").alternative(shape_at({.shape = &arrival_shape()}, "process"));
  using Kind = Arrival::Kind;
  if (kind == "poisson") a.kind = Kind::poisson, a.rate = process.rate();
  if (kind == "every") a.kind = Kind::every, a.every = process.distribution();
  if (kind == "replay") a.kind = Kind::replay, a.file = process.text();
  if (kind == "closed") a.kind = Kind::closed, a.users = process.at("users").integer(1), a.think = process.at("think").distribution();
  if (kind == "burst") a.kind = Kind::burst, a.size = process.at("size").integer(1), a.every = process.at("every").distribution();
  if (kind == "stages") {
    a.kind = Kind::stages;
    process.each([&](const View& s) { a.stages.push_back({s.at("for").time(1), s.at("rate").rate(), s.at("ramp").text() == "linear"}); });
  }
  return a;
}

Stop stop(const View& v) {
  Stop s;
  s.after = v.at("after").time();
  s.when_done = v.at("when_done").text();
  s.when_done_mark = v.at("when_done").at("mark").text();
  s.max_events = v.at("max_events").integer(0);
  s.place = v.place();
  return s;
}

Fault fault(const View& v) {
  Fault f;
  f.at = v.at("at").time();
  f.length = v.at("for").time();
  f.every = v.at("every").time();
  const auto [kind, settings] = v.at("inject").alternative(shape_at({.shape = &fault_shape()}, "inject"));
  f.kind = kind;
  f.by = settings.at("by").time(0);
  f.quota = settings.at("quota").time(0);
  f.period = settings.at("period").time(0);
  f.core = settings.at("core").integer(0);
  f.factor_ppm = settings.at("factor").ratio().value_or(1'000'000);
  f.off = !settings.boolean(true);
  f.settings = settings.place();
  f.place = v.place();
  return f;
}

MetricSettings metrics(const View& v) {
  using Trace = MetricSettings::Trace;
  MetricSettings m;
  m.spans = v.at("spans").texts();
  v.at("percentiles").each([&](const View& p) { m.percentiles.push_back(p.ratio().value_or(0)); });
  m.sample_every = v.at("sample_every").time();
  const std::string trace = v.at("trace").text("summary");
  m.trace = trace == "off" ? Trace::off : trace == "full" ? Trace::full : Trace::summary;
  return m;
}

Check check(const std::string& name, const View& v) {
  Check c;
  c.name = name;
  c.warn = v.at("severity").text() == "warn";
  c.place = v.place();
  const auto [kind, oracle] = v.alternative(check_shape());
  c.kind = kind;
  c.oracle = oracle.place();
  if (kind == "require" || kind == "never") c.expression = oracle.text();
  c.who = oracle.at("who").text("*");
  c.on = oracle.at("on").text();
  c.max = oracle.at(kind == "work_conserving" ? "max_idle" : "max").time();
  c.within = oracle.at("within").time();
  c.by = oracle.at("by").time();
  c.mark = oracle.at("mark").text();
  if (const std::string of = oracle.at("of").text("cpu"); of != "cpu") c.mark = of;
  c.done = oracle.at("done").text();
  c.jain_min_ppm = oracle.at("jain_min").ratio();
  if (const View share = oracle.at("share"); share && share.node().items.size() == 2) {
    std::vector<std::int64_t> bounds;
    share.each([&](const View& bound) { bounds.push_back(bound.ratio().value_or(0)); });
    c.share_ppm = {bounds[0], bounds[1]};
  }
  c.label = oracle.at("label").text();
  oracle.at("values").each([&](const View& line) { c.values.push_back(line.integers()); });
  c.how = oracle.at("how").text();
  c.message = oracle.at("message").text();
  if (const View blocked = oracle.at("blocked")) {
    c.blocked.emplace();
    blocked.each([&](const View& b) {
      c.blocked->push_back({b.at("who").text("*"), b.at("reason").text(), b.at("on").text(), b.at("count").integer(1)});
    });
  }
  return c;
}

Expected expected(const std::string& word) {
  return word == "fail" ? Expected::fail : word == "can-fail" ? Expected::can_fail : word == "any" ? Expected::any : Expected::pass;
}

RandomSettings random_settings(const View& v, const Constants& constants) {
  RandomSettings r;
  if (const View seed = v.at("seed")) {
    if (const Constant c = constants.seed(seed.node())) r.seed = static_cast<std::uint64_t>(c.value);
  }
  r.replications = v.at("replications").integer(1);
  r.common_random_numbers = v.at("common_random_numbers").boolean(true);
  return r;
}

std::vector<SweepAxis> axes(const View& v) {
  std::vector<SweepAxis> out;
  v.each_member([&](const std::string& pointer, const View& values) {
    SweepAxis axis{pointer, {}};
    values.each([&](const View& value) { axis.values.push_back(value.place()); });
    out.push_back(std::move(axis));
  });
  return out;
}

Sweep sweep(const View& v) {
  Sweep s;
  s.matrix = axes(v.at("matrix"));
  s.zip = axes(v.at("zip"));
  v.at("exclude").each([&](const View& cell) {
    auto& out = s.exclude.emplace_back();
    cell.each_member([&](const std::string& pointer, const View& value) { out.emplace_back(pointer, value.place()); });
  });
  s.where = v.at("where").text();
  return s;
}

/// "worker-pool" from "catalogue/worker-pool.json".
std::string name_of_file(const std::string& file) {
  const std::size_t begin = file.rfind('/') == std::string::npos ? 0 : file.rfind('/') + 1;
  return file.substr(begin, file.find('.', begin) - begin);
}

}  // namespace

void type_sections(Scenario& s, const Constants& constants) {
  const View v(s.document.get(), "", constants);
  s.metadata = metadata(v.at("metadata"));
  if (s.metadata.name.empty() && s.document->source) s.metadata.name = name_of_file(s.document->source->file);
  s.machine = machine(v.at("machine"));
  s.runtime = runtime(v.at("runtime"));
  v.at("policies").each_member([&](const std::string& name, const View& p) {
    s.policies.push_back({name, p.at("use").text(), p.at("params").settings(), p.at("note").text(), {}, p.place()});
  });
  if (s.policies.empty()) s.policies.push_back({s.runtime.profile, s.runtime.profile, {}, "", {}, s.runtime.place ? s.runtime.place : v.place()});
  v.at("resources").each_member([&](const std::string& name, const View& r) { s.resources.push_back(resource(name, r)); });
  v.at("programs").each_member([&](const std::string& name, const View& p) { s.programs.push_back(program(name, p)); });
  v.at("start").each([&](const View& item) { s.start.push_back(start(item)); });
  v.at("arrivals").each_member([&](const std::string& name, const View& a) { s.arrivals.push_back(arrival(name, a)); });
  v.at("phases").each([&](const View& p) { s.phases.push_back({p.at("name").text(), p.at("for").time(1), p.at("measure").boolean(true)}); });
  s.stop = stop(v.at("stop"));
  v.at("faults").each([&](const View& f) { s.faults.push_back(fault(f)); });
  s.metrics = metrics(v.at("metrics"));
  v.at("checks").each_member([&](const std::string& name, const View& c) { s.checks.push_back(check(name, c)); });
  v.at("expect").each_member([&](const std::string& policy, const View& checks) {
    checks.each_member([&](const std::string& name, const View& verdict) { s.expect.push_back({policy, name, expected(verdict.text()), verdict.place()}); });
  });
  s.random = random_settings(v.at("random"), constants);
  s.sweep = sweep(v.at("sweep"));
}

}  // namespace gmpsim
