// Expressions, times, tuples and stores of an exported program (see export_go.hpp).

#include <algorithm>

#include "scenarios/units.hpp"
#include "tools/go_export/translator.hpp"

namespace gmpsim {
namespace {

std::string comparison(Ast::Op op) {
  switch (op) {
    case Ast::Op::eq: return " == ";
    case Ast::Op::ne: return " != ";
    case Ast::Op::lt: return " < ";
    case Ast::Op::le: return " <= ";
    case Ast::Op::gt: return " > ";
    default: return " >= ";
  }
}

const char* checked(Ast::Op op) {
  switch (op) {
    case Ast::Op::add: return "add";
    case Ast::Op::sub: return "sub";
    case Ast::Op::mul: return "mul";
    case Ast::Op::div: return "div";
    case Ast::Op::mod: return "mod";
    case Ast::Op::min: return "smaller";
    default: return "larger";
  }
}

/// Must it be evaluated although nobody wants its value?
bool has_effect(const GoValue& v) {
  return !v.constant && (v.text.find('(') != std::string::npos || v.text.find("<-") != std::string::npos);
}

std::string bracketed(const GoValue& v, int level) { return v.level < level ? "(" + v.text + ")" : v.text; }

}  // namespace

// --- names

Symbol GoTranslator::find(std::string_view name) const {
  for (std::size_t i = 0; i < visible_.size(); ++i)
    if (visible_[i].name == name) return {.kind = Symbol::Kind::slot, .index = static_cast<std::uint32_t>(i)};
  if (const Resource* r = scenario_.resource(name)) {
    const auto index = static_cast<std::uint32_t>(r - scenario_.resources.data());
    std::uint32_t first = 0;
    while (cells_[first].resource != index) ++first;
    Symbol s{.index = first,
             .count = static_cast<std::uint32_t>(r->array.value_or(0)),
             .holds = value_kind_of(*r),
             .object = index};
    s.kind = r->type == ResourceType::var    ? Symbol::Kind::shared
             : r->type == ResourceType::heap ? Symbol::Kind::refused
                                             : Symbol::Kind::resource;
    return s;
  }
  return constants_.find(name);
}

std::vector<std::string> GoTranslator::visible() const { return {}; }

const GoTranslator::Visible* GoTranslator::variable(std::string_view name) const {
  for (const Visible& v : visible_)
    if (v.name == name) return &v;
  return nullptr;
}

bool GoTranslator::is_variable(const std::string& name) const { return variable(name) != nullptr; }

void GoTranslator::touch(const Visible& v, bool reads) const {
  GoVariable& known = knowledge_.variables[v.key];
  bool fresh = false;
  if (reads && known.reads++ == 0) fresh = true;
  const bool outside =
      !v.loop.empty() && std::find(open_loops_.begin(), open_loops_.end(), v.loop) == open_loops_.end();
  if (outside && !known.used_outside) known.used_outside = fresh = true;
  if (!reads && !known.assigned_again) known.assigned_again = fresh = true;
  if (fresh) ++knowledge_.facts;
}

bool GoTranslator::unused(const std::string& key) const {
  const auto found = knowledge_.variables.find(key);
  return found == knowledge_.variables.end() || found->second.reads == 0;
}

// --- expressions

GoValue GoTranslator::value(const Node& op, std::string_view key) {
  const Node* const node = op.find(key);
  if (node == nullptr) return {"0", knowledge_.types.at(pointer_ + "#" + std::string(key)), 6, false, true, 0};
  const At at(*this, key);
  return value_of(*node);
}

GoValue GoTranslator::value_of(const Node& node) {
  const auto number = [&](std::int64_t v) {
    GoValue out{std::to_string(v), 0, 6, false, true, v};
    if (v == 0) {
      out.type = knowledge_.types.at(pointer_ + "#0");
      if (knowledge_.types.is_reference(out.type)) out.text = "nil";
    }
    return out;
  };
  if (node.is(Node::Type::boolean)) return number(node.boolean ? 1 : 0);
  if (node.is(Node::Type::integer)) return number(node.integer);
  if (node.is(Node::Type::object)) return {distribution(node, true), 0, 6, false, false, 0};
  return expression(node, node.text);
}

GoValue GoTranslator::expression(const Node& node, const std::string& text) {
  std::vector<ExprProblem> problems;
  const std::optional<Ast> ast = parse_expression(text, *this, problems);
  if (!ast) {
    refuse(node, "this expression", problems.empty() ? "" : problems.front().message);
    return {"0", 0, 6, false, true, 0};
  }
  std::vector<std::string> sites;
  for (std::uint32_t i = 0; i < ast->draws; ++i) sites.push_back(new_site());
  return walk(*ast, ast->root, node, sites);
}

GoValue GoTranslator::walk(const Ast& ast, std::uint32_t at, const Node& node, const std::vector<std::string>& sites) {
  using Op = Ast::Op;
  GoTypes& types = knowledge_.types;
  const Ast::Node& n = ast.nodes[at];
  const std::string place = pointer_ + ":" + std::to_string(at);
  const auto sub = [&](std::uint32_t i) { return walk(ast, i, node, sites); };
  const auto plain = [](std::string text) { return GoValue{std::move(text), 0, 6, false, false, 0}; };
  switch (n.op) {
    case Op::constant: {
      GoValue v{std::to_string(n.value), 0, 6, false, true, n.value};
      if (n.value == 0) {  // 0, false or nil
        v.type = types.at(place);
        if (types.is_reference(v.type)) v.text = "nil";
      }
      if (n.value == INT64_MIN) v.text = "math.MinInt64", import("math");
      return v;
    }
    case Op::slot: {
      const Visible& v = visible_[n.index];
      touch(v, true);
      const GoVariable& known = knowledge_.variables[v.key];
      return {known.name, known.type, 6, false, false, 0};
    }
    case Op::shared:
    case Op::shared_at: {
      const Resource& r = scenario_.resources[cells_[n.index].resource];
      std::string cell = resources_[r.name];
      if (n.op == Op::shared_at) {
        const GoValue i = sub(n.a);
        cell += element_text(node, cell, i);
      } else if (r.array) {
        cell += "[" + std::to_string(cells_[n.index].element) + "]";
      }
      const GoTypes::Id type = resource_types_[r.name];
      if (types.is_reference(type)) return {cell + ".load()", type, 6, false, false, 0};
      import("sync/atomic");
      return {"atomic.LoadInt64(&" + cell + ")", type, 6, false, false, 0};
    }
    case Op::resource:
    case Op::resource_at: {
      const Resource& r = scenario_.resources[cells_[n.index].resource];
      std::string name = resources_[r.name];
      if (n.op == Op::resource_at) {
        const GoValue i = sub(n.a);
        name += element_text(node, name, i);
      } else if (r.array) {
        name += "[" + std::to_string(cells_[n.index].element) + "]";
      }
      return {name, resource_types_[r.name], 6, false, false, 0};
    }
    case Op::gauge:
      switch (static_cast<GaugeName>(n.index)) {
        case GaugeName::goroutines_live: import("runtime"); return plain("int64(runtime.NumGoroutine() - 1)");
        case GaugeName::procs_total: import("runtime"); return plain("int64(runtime.GOMAXPROCS(0))");
        default: refuse(node, "this gauge", "a Go program cannot ask its scheduler for it"); return plain("0");
      }
    case Op::neg: {
      need("arithmetic");
      const GoValue a = sub(n.a);
      return plain("sub(0, " + integer(node, a) + ")");
    }
    case Op::logical_not: {
      const GoValue a = sub(n.a);
      if (types.is_reference(a.type)) return {a.text + " == nil", 0, 3, true, false, 0};
      return {"!" + (a.condition ? bracketed(a, 6) : "(" + condition(node, a) + ")"), 0, 5, true, false, 0};
    }
    case Op::add:
    case Op::sub:
    case Op::mul:
    case Op::div:
    case Op::mod:
    case Op::min:
    case Op::max: {
      need("arithmetic");
      const GoValue a = sub(n.a);
      const GoValue b = sub(n.b);
      const std::string left = integer(node, a);
      const std::string right = integer(node, b);
      return plain(std::string(checked(n.op)) + "(" + left + ", " + right + ")");
    }
    case Op::eq:
    case Op::ne:
    case Op::lt:
    case Op::le:
    case Op::gt:
    case Op::ge: {
      GoValue a = sub(n.a);
      GoValue b = sub(n.b);
      same(node, a.type, b.type, "both sides of a comparison");
      for (GoValue* v : {&a, &b}) {
        if (v->condition) *v = plain(integer(node, *v));
        if (v->constant && v->value == 0) v->text = types.is_reference(a.type) ? "nil" : "0";
      }
      return {bracketed(a, 4) + comparison(n.op) + bracketed(b, 4), 0, 3, true, false, 0};
    }
    case Op::logical_and:
    case Op::logical_or: {
      const GoValue a = sub(n.a);
      const GoValue b = sub(n.b);
      const int level = n.op == Op::logical_and ? 2 : 1;
      GoValue left{condition(node, a), 0, a.condition ? a.level : 3, true, false, 0};
      GoValue right{condition(node, b), 0, b.condition ? b.level : 3, true, false, 0};
      return {bracketed(left, level) + (level == 2 ? " && " : " || ") + bracketed(right, level + 1),
              0,
              level,
              true,
              false,
              0};
    }
    case Op::conditional: {
      need("choice");
      const GoValue c = sub(n.a);
      GoValue a = sub(n.b);
      GoValue b = sub(n.c);
      same(node, a.type, b.type, "both outcomes of a condition");
      const std::string type = types.text(a.type);
      for (GoValue* v : {&a, &b}) {
        if (v->condition) *v = plain(integer(node, *v));
        if (v->constant && v->value == 0) v->text = types.is_reference(a.type) ? "nil" : "0";
      }
      return {"either(" + condition(node, c) + ", func() " + type + " { return " + a.text + " }, func() " + type +
                  " { return " + b.text + " })",
              a.type,
              6,
              false,
              false,
              0};
    }
    case Op::len:
    case Op::cap: {
      const GoValue a = sub(n.a);
      demand(node, a, {GoTypes::Kind::chan, GoTypes::Kind::timer, GoTypes::Kind::ticker},
             n.op == Op::len ? "len" : "cap");
      const bool timer = types.kind(a.type) == GoTypes::Kind::timer || types.kind(a.type) == GoTypes::Kind::ticker;
      return plain(std::string("int64(") + (n.op == Op::len ? "len(" : "cap(") + a.text + (timer ? ".C" : "") + "))");
    }
    case Op::newchan: {
      const GoValue a = sub(n.a);
      const GoTypes::Id message = types.at(place + "#message");
      const GoTypes::Id type = types.make(place, GoTypes::Kind::chan, {message});
      const std::string capacity =
          a.constant ? (a.value == 0 ? "" : ", " + std::to_string(a.value)) : ", count(" + integer(node, a) + ")";
      return {"make(" + types.text(type) + capacity + ")", type, 6, false, false, 0};
    }
    case Op::fresh: {
      const Resource& r = scenario_.resources[n.index];
      return {new_resource(r, pointer_), resource_types_[r.name], 6, false, false, 0};
    }
    case Op::err: {
      const GoValue a = sub(n.a);
      demand(node, a, {GoTypes::Kind::context}, "err");
      need("contexts");
      return plain("errOf(" + a.text + ")");
    }
    case Op::rand: {
      need("random");
      if (in_start_) refuse(node, "rand in an argument of start", "nobody draws there in Go");
      const GoValue a = sub(n.a);
      return plain("g.rand(" + sites[n.index] + ", " + integer(node, a) + ")");
    }
    case Op::now: import("time"); return plain("int64(time.Since(begin))");
    case Op::self: return plain("g.id");
  }
  return plain("0");
}

/// "[i]" of an array that has it, else the scenario error.
std::string GoTranslator::element_text(const Node& node, const std::string& array, const GoValue& i) {
  if (i.constant && i.value >= 0) return "[" + i.text + "]";  // checked when the scenario was read
  return "[at(" + integer(node, i) + ", len(" + array + "))]";
}

std::string GoTranslator::integer(const Node& node, const GoValue& v) {
  if (v.condition) return "truth(" + v.text + ")";
  same(node, v.type, knowledge_.types.integer(), "a number");
  return v.text;
}

std::string GoTranslator::condition(const Node& node, const GoValue& v) {
  if (v.condition) return v.text;
  if (v.constant) return v.value != 0 ? "true" : "false";
  return integer(node, v) + " != 0";
}

// Where Go would take a constant for an int.
std::string GoTranslator::typed(const GoValue& v) {
  if (v.condition) return "truth(" + v.text + ")";
  if (!v.constant) return v.text;
  if (knowledge_.types.is_reference(v.type)) return "(" + knowledge_.types.text(v.type) + ")(nil)";
  return "int64(" + v.text + ")";
}

std::string GoTranslator::count_of(const Node& op, std::string_view key) {
  const Node* const node = op.find(key);
  const GoValue v = value(op, key);
  if (v.constant) return std::to_string(v.value);
  return "count(" + integer(*node, v) + ")";
}

GoValue GoTranslator::reference(const Node& op, std::string_view key, GoTypes::Kind kind) {
  GoValue v = value(op, key);
  const GoTypes::Id wanted = knowledge_.types.make(pointer_ + "#" + std::string(key) + "#kind", kind);
  same(*op.find(key), v.type, wanted, "\"" + std::string(key) + "\"");
  if (v.constant) v.text = typed(v);
  return v;
}

/// An operand that the text of several methods fits. What nobody has told, as it is never but nil, is the first of `kinds`.
GoValue GoTranslator::one_of(const Node& op, std::string_view key, std::initializer_list<GoTypes::Kind> kinds) {
  GoValue v = value(op, key);
  demand(op, key, v, kinds);
  if (v.constant) v.text = typed(v);
  return v;
}

void GoTranslator::demand(const Node& op, std::string_view key, const GoValue& v,
                          std::initializer_list<GoTypes::Kind> kinds) {
  const At at(*this, key);
  demand(*op.find(key), v, kinds, "\"" + std::string(key) + "\"");
}

void GoTranslator::demand(const Node& node, const GoValue& v, std::initializer_list<GoTypes::Kind> kinds,
                          const std::string& what) {
  GoTypes& types = knowledge_.types;
  const GoTypes::Kind wanted = *kinds.begin();
  if (types.kind(v.type) == GoTypes::Kind::unknown && (v.constant || knowledge_.settling)) {
    const std::string place = pointer_ + "#" + what;
    std::vector<GoTypes::Id> parts;
    if (wanted == GoTypes::Kind::chan) parts.push_back(types.at(place + "#message"));
    same(node, v.type, types.make(place, wanted, parts), what);
  }
  const GoTypes::Kind kind = types.kind(v.type);
  if (out_ == nullptr || std::find(kinds.begin(), kinds.end(), kind) != kinds.end()) return;
  refuse(node, what + " of " + GoTypes::name_of(kind),
         "it takes " + GoTypes::name_of(wanted) + ", and Go checks types before it runs");
}

// --- times and draws

std::string GoTranslator::duration_text(std::int64_t ns) {
  const auto unit = [&](std::int64_t size, const char* name) { return std::to_string(ns / size) + "*time." + name; };
  if (ns == 0) return "0";
  if (ns % 1'000'000'000 == 0) return ns == 1'000'000'000 ? "time.Second" : unit(1'000'000'000, "Second");
  if (ns % 1'000'000 == 0) return ns == 1'000'000 ? "time.Millisecond" : unit(1'000'000, "Millisecond");
  if (ns % 1'000 == 0) return ns == 1'000 ? "time.Microsecond" : unit(1'000, "Microsecond");
  return unit(1, "Nanosecond");
}

std::string go_alone(const std::string& duration) {
  const std::size_t star = duration.find("*time.");
  if (star == std::string::npos || duration.find('(') != std::string::npos) return duration;
  return duration.substr(0, star) + " * " + duration.substr(star + 1);
}

std::string GoTranslator::duration(const Node& node) {
  import("time");
  if (node.is(Node::Type::object)) return distribution(node, false);
  const GoValue v = value_of(node);
  if (v.constant) return duration_text(v.value);
  return "time.Duration(" + integer(node, v) + ")";
}

std::string GoTranslator::distribution(const Node& node, bool as_integer) {
  Diagnostics ignored;
  const std::optional<Distribution> d = read_distribution(node, pointer_, constants_, ignored);
  if (!d) return "0";
  const auto text = [](Duration v) { return duration_text(v); };
  const std::string bounds = ", " + text(d->min) + ", " + (d->max ? text(*d->max) : std::string("longestDraw"));
  std::string sampler;
  std::int64_t constant = -1;
  switch (d->kind) {
    case Distribution::Kind::constant: constant = d->value; break;
    case Distribution::Kind::uniform:
      sampler = "uniform(" + text(d->min) + ", " + text(d->max.value_or(d->min)) + ")";
      break;
    case Distribution::Kind::exp: sampler = "exponential(" + text(d->mean) + bounds + ")"; break;
    case Distribution::Kind::normal: sampler = "normal(" + text(d->mean) + ", " + text(d->sd) + bounds + ")"; break;
    case Distribution::Kind::lognormal:
      sampler = d->p99 ? "lognormal(" + text(d->median) + ", " + text(*d->p99) + bounds + ")"
                       : "lognormalSigma(" + text(d->median) + ", " + std::to_string(d->sigma_ppm) + bounds + ")";
      break;
    case Distribution::Kind::pareto:
      sampler = "pareto(" + text(d->min) + ", " + std::to_string(d->alpha_ppm) + ", " +
                (d->max ? text(*d->max) : std::string("longestDraw")) + ")";
      break;
  }
  if (constant >= 0) return as_integer ? std::to_string(constant) : duration_text(constant);
  if (in_start_) refuse(node, "a distribution in an argument of start", "nobody draws there in Go");
  need("random");
  need("distributions");
  import("time");
  const std::string where = d->stream.empty() ? new_site() : site(numbered(d->stream));
  const std::string name = "times" + std::to_string(sampler_lines_.size() + 1);
  sampler_lines_.push_back("var " + name + " = " + sampler);
  const std::string draw = "g.draw(" + where + ", " + name + ")";
  return as_integer ? "int64(" + draw + ")" : draw;
}

std::string GoTranslator::site_name() {
  const Node* const renamed = op_ != nullptr ? op_->find("stream") : nullptr;
  return numbered(renamed != nullptr && renamed->is(Node::Type::string) ? renamed->text : pointer_);
}

std::string GoTranslator::new_site() { return site(site_name()); }

// Named as the compiler of scenarios names them: several under one name have streams of their own.
std::string GoTranslator::numbered(const std::string& name) {
  const std::size_t nth = site_names_[name]++;
  return nth == 0 ? name : name + "#" + std::to_string(nth);
}

std::string GoTranslator::site(const std::string& name) {
  const std::string go = "site" + std::to_string(site_lines_.size() + 1);
  site_lines_.push_back("var " + go + " = newSite(" + quoted(name) + ")");
  return go;
}

// --- tuples

std::vector<GoValue> GoTranslator::tuple(const Node& op, std::string_view key) {
  std::vector<GoValue> out;
  const Node* const node = op.find(key);
  if (node == nullptr) return out;
  const At at(*this, key);
  if (!node->is(Node::Type::array)) return {value_of(*node)};
  for (std::size_t i = 0; i < node->items.size(); ++i) {
    const At item(*this, i);
    out.push_back(value_of(node->items[i]));
  }
  return out;
}

/// What goes through a channel or pool. `sure`: nothing else can stand here; what is received from may also be a timer or
/// context, so whoever receives waits until the others have said what it is.
GoTypes::Id GoTranslator::message_of(const Node& node, GoTypes::Id channel, std::size_t arity, bool sure) {
  GoTypes& types = knowledge_.types;
  const bool known = types.kind(channel) == GoTypes::Kind::chan || types.kind(channel) == GoTypes::Kind::pool;
  if (!known && !sure && !knowledge_.settling) return types.integer();
  std::vector<GoTypes::Id> elements;
  for (std::size_t i = 0; i < arity; ++i) elements.push_back(types.at(pointer_ + "#m" + std::to_string(i)));
  const GoTypes::Id message = types.make(pointer_ + "#message", GoTypes::Kind::tuple, elements);
  if (known) {
    same(node, types.parts(channel)[0], message, "what goes through this channel");
  } else if (types.kind(channel) == GoTypes::Kind::unknown) {
    same(node, channel, types.make(pointer_ + "#channel", GoTypes::Kind::chan, {message}), "this channel");
  }
  return message;
}

/// The type of element `i` of what is received from something; unknown while nobody has said what that is.
GoTypes::Id GoTranslator::element_of(GoTypes::Id from, std::size_t i) {
  GoTypes& types = knowledge_.types;
  const GoTypes::Kind kind = types.kind(from);
  if (kind == GoTypes::Kind::chan || kind == GoTypes::Kind::pool) {
    const std::vector<GoTypes::Id> elements = types.parts(types.parts(from)[0]);
    if (i < elements.size()) return elements[i];
  } else if (kind != GoTypes::Kind::unknown) {
    return types.integer();
  }
  return types.at(pointer_ + "#element" + std::to_string(i));
}

std::string GoTranslator::message(const Node& node, const std::vector<GoValue>& values, GoTypes::Id channel) {
  const GoTypes::Id message = message_of(node, channel, std::max<std::size_t>(values.size(), 1), true);
  GoTypes& types = knowledge_.types;
  if (types.parts(message).size() != std::max<std::size_t>(values.size(), 1)) return "0";  // refused above
  std::string out;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const GoTypes::Id element = types.parts(message)[i];
    if (!values[i].condition) same(node, values[i].type, element, "what goes through this channel");
    if (values[i].condition) same(node, 0, element, "what goes through this channel");
    std::string text = values[i].condition ? "truth(" + values[i].text + ")" : values[i].text;
    if (values[i].constant && values[i].value == 0) text = types.is_reference(element) ? "nil" : "0";
    out += (i == 0 ? "" : ", ") + text;
  }
  if (values.empty()) out = types.is_reference(types.parts(message)[0]) ? "nil" : "0";
  return values.size() > 1 ? types.message_text(message) + "{" + out + "}" : out;
}

// --- stores

std::vector<GoTranslator::Stored> GoTranslator::names(const Node& op, std::string_view key) {
  std::vector<Stored> out;
  const Node* const node = op.find(key);
  if (node == nullptr) return out;
  const At at(*this, key);
  if (!node->is(Node::Type::array)) return {{node, node->text, pointer_}};
  for (std::size_t i = 0; i < node->items.size(); ++i)
    out.push_back({&node->items[i], node->items[i].text, pointer_to(pointer_, i)});
  return out;
}

/// Makes a variable; gives its name in Go.
std::string GoTranslator::declare(const Stored& s, GoTypes::Id type, const std::string& loop) {
  const std::string key = s.pointer + "=" + s.text;
  GoVariable& v = knowledge_.variables[key];
  if (v.name.empty()) {
    v.name = go_name(s.text);
    v.type = knowledge_.types.at(key);
    ++knowledge_.facts;
  }
  same(*s.node, v.type, type, "\"" + s.text + "\"");
  visible_.push_back({s.text, key, loop});
  return v.name;
}

/// `value` into something that exists.
std::string GoTranslator::store_text(const Stored& s, const std::string& value, GoTypes::Id type) {
  const std::size_t bracket = s.text.find('[');
  const std::string base = s.text.substr(0, bracket);
  if (bracket == std::string::npos) {
    if (const Visible* v = variable(base)) {
      touch(*v, false);
      const GoVariable& known = knowledge_.variables[v->key];
      same(*s.node, known.type, type, "\"" + base + "\"");
      return (unused(v->key) ? std::string("_") : known.name) + " = " + value;
    }
  }
  std::string cell = resources_[base];
  if (bracket != std::string::npos) {
    const std::string saved = pointer_;
    pointer_ = s.pointer;
    const GoValue i = expression(*s.node, s.text.substr(bracket + 1, s.text.size() - bracket - 2));
    pointer_ = saved;
    cell += element_text(*s.node, cell, i);
  }
  const GoTypes::Id held = resource_types_[base];
  same(*s.node, held, type, "\"" + base + "\"");
  if (knowledge_.types.is_reference(held)) return cell + ".store(" + value + ")";
  import("sync/atomic");
  return "atomic.StoreInt64(&" + cell + ", " + value + ")";
}

void GoTranslator::store(const Node& op, const std::vector<Stored>& to, const std::vector<GoValue>& values) {
  (void)op;
  const auto fresh = [&](const Stored& s) {
    return s.text.find('[') == std::string::npos && find(s.text).kind == Symbol::Kind::unknown;
  };
  const auto plain = [&](const GoValue& v, GoTypes::Id type) {
    if (v.condition) return "truth(" + v.text + ")";
    if (v.constant && v.value == 0) return std::string(knowledge_.types.is_reference(type) ? "nil" : "0");
    return v.text;
  };
  const auto declare_one = [&](const Stored& s, const GoValue& v) {
    const std::string name = declare(s, v.condition ? 0 : v.type);
    const GoVariable& known = knowledge_.variables[visible_.back().key];
    const std::string text = plain(v, known.type);
    if (unused(visible_.back().key)) {
      if (has_effect(v)) line("_ = " + text);
    } else if (v.constant) {
      line("var " + name + " " + knowledge_.types.text(known.type) + (v.value == 0 ? "" : " = " + text));
    } else {
      line(name + " := " + text);
    }
  };
  if (to.size() == 1 && values.size() == 1) {
    if (fresh(to[0])) return declare_one(to[0], values[0]);
    const Visible* const known = variable(to[0].text);
    if (known != nullptr && unused(known->key) && !has_effect(values[0])) return touch(*known, false);
    const std::string value = plain(values[0], values[0].type);
    const std::string text = store_text(to[0], value, values[0].condition ? 0 : values[0].type);
    return line(text);
  }
  const bool simple = std::all_of(to.begin(), to.end(), [&](const Stored& s) {
    const Visible* const v = variable(s.text);
    return v != nullptr && !unused(v->key);
  });
  if (simple) {  // Go's own tuple assignment
    std::string left, right;
    for (std::size_t i = 0; i < to.size(); ++i) {
      const GoTypes::Id type = values[i].condition ? 0 : values[i].type;
      const std::string one = store_text(to[i], plain(values[i], type), type);
      const std::size_t sign = one.find(" = ");
      left += (i == 0 ? "" : ", ") + one.substr(0, sign);
      right += (i == 0 ? "" : ", ") + one.substr(sign + 3);
    }
    return line(left + " = " + right);
  }
  // All right sides first: into temporaries, but for those that are made here and those that are constant.
  std::vector<std::string> texts(values.size());
  std::string left, right;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (values[i].constant || fresh(to[i])) continue;
    texts[i] = unique("value");
    left += (left.empty() ? "" : ", ") + texts[i];
    right += (right.empty() ? "" : ", ") + plain(values[i], values[i].type);
  }
  if (!left.empty()) line(left + " := " + right);
  for (std::size_t i = 0; i < values.size(); ++i)
    if (fresh(to[i])) declare_one(to[i], values[i]);
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (is_variable(to[i].text) && texts[i].empty() && !values[i].constant) continue;  // made above
    if (is_variable(to[i].text) && variable(to[i].text)->key == to[i].pointer + "=" + to[i].text) continue;
    const GoTypes::Id type = values[i].condition ? 0 : values[i].type;
    line(store_text(to[i], texts[i].empty() ? plain(values[i], type) : texts[i], type));
  }
}

// --- text

std::string GoTranslator::quoted(std::string_view text) {
  static constexpr char kHex[] = "0123456789abcdef";
  std::string out = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (byte < 0x20 || byte == 0x7f) {
      out += "\\x";
      out += kHex[byte >> 4];
      out += kHex[byte & 15];
    } else {
      out += c;
    }
  }
  return out + "\"";
}

std::string GoTranslator::label_text(std::string_view text) {
  const auto [at, fresh] = label_numbers_.try_emplace(std::string(text), labels_.size());
  if (fresh) labels_.emplace_back(text);
  return quoted(text);
}

}  // namespace gmpsim
