#include "claptools/checkpoints/pickle.hpp"

#include <array>
#include <bit>
#include <optional>
#include <unordered_map>

#include "claptools/core/error.hpp"
#include "claptools/core/strings/escape.hpp"

namespace claptools {
namespace {

using Kind = PickleValue::Kind;

/// Bounds time and memory: an opcode of one byte can make a value of 200. A state dict of a
/// thousand weights and its optimizer's take 200,000.
constexpr std::size_t kMaxSteps = 2'000'000;
constexpr std::size_t kMaxStorageKey = 255;  // bytes: torch.save counts; each tensor gets a copy

enum class Global { ordered_dict, rebuild_tensor, rebuild_parameter, storage, opaque };

std::optional<Global> find_global(std::string_view name) {
  constexpr std::array kStorages = {"Double", "Float", "Half", "BFloat16", "Long",
                                    "Int",    "Short", "Char", "Byte",     "Bool"};
  constexpr std::array kOpaque = {"numpy._core.multiarray scalar", "numpy.core.multiarray scalar",
                                  "numpy dtype", "_codecs encode"};
  if (name == "collections OrderedDict") return Global::ordered_dict;
  if (name == "torch._utils _rebuild_tensor_v2") return Global::rebuild_tensor;
  if (name == "torch._utils _rebuild_parameter") return Global::rebuild_parameter;
  for (const char* type : kStorages) {
    if (name == "torch " + std::string(type) + "Storage") return Global::storage;
  }
  for (const char* opaque : kOpaque) {
    if (name == opaque) return Global::opaque;
  }
  return std::nullopt;
}

/// The stack machine. Opcodes are those of the pickle format, protocol 2 to 4.
class Machine {
 public:
  Machine(std::span<const std::byte> bytes, std::string_view subject)
      : bytes_(bytes), subject_(subject) {}

  Pickle run() {
    for (std::size_t steps = 0; !pickle_.root; ++steps) {
      if (steps == kMaxSteps) fail("the pickle has more than 2000000 opcodes");
      const auto opcode = static_cast<unsigned char>(take(1)[0]);
      const Action action = kActions[opcode];
      if (action == nullptr) fail("refused: pickle opcode " + std::to_string(opcode));
      (this->*action)();
    }
    return std::move(pickle_);
  }

 private:
  using Action = void (Machine::*)();
  using Actions = std::array<Action, 256>;

  static constexpr Actions make_actions();
  static const Actions kActions;  ///< of each opcode; null: refused

  [[noreturn]] void fail(const std::string& reason) const {
    throw Error(Fault::data, subject_, "checkpoint: " + reason);
  }

  // Input
  std::uint64_t number(int size) {
    const std::string_view field = take(static_cast<std::uint64_t>(size));
    std::uint64_t value = 0;
    for (int i = size - 1; i >= 0; --i)
      value = (value << 8) | static_cast<unsigned char>(field[static_cast<std::size_t>(i)]);
    return value;
  }
  std::string_view take(std::uint64_t size) {
    if (size > bytes_.size() - at_) fail("the pickle is cut off");
    const auto* data = reinterpret_cast<const char*>(bytes_.data()) + at_;
    at_ += size;
    return {data, size};
  }
  std::string_view line() {
    const auto* data = reinterpret_cast<const char*>(bytes_.data());
    const std::string_view rest(data + at_, bytes_.size() - at_);
    const auto end = rest.find('\n');
    if (end == std::string_view::npos) fail("the pickle is cut off");
    at_ += end + 1;
    return rest.substr(0, end);
  }

  // Stack
  PickleValue& push(Kind kind) {
    PickleValue& value = pickle_.values.emplace_back();
    value.kind = kind;
    stack_.push_back(&value);
    return value;
  }
  PickleValue& pop() {
    if (stack_.size() <= floor()) fail("the pickle is damaged");
    PickleValue* value = stack_.back();
    stack_.pop_back();
    return *value;
  }
  PickleValue& top() {
    if (stack_.size() <= floor()) fail("the pickle is damaged");
    return *stack_.back();
  }
  std::size_t floor() const { return marks_.empty() ? 0 : marks_.back(); }
  std::vector<PickleValue*> pop_to_mark() {
    if (marks_.empty()) fail("the pickle is damaged");
    std::vector<PickleValue*> items(stack_.begin() + static_cast<std::ptrdiff_t>(marks_.back()),
                                    stack_.end());
    stack_.resize(marks_.back());
    marks_.pop_back();
    return items;
  }

  void append(std::span<PickleValue* const> items) {
    PickleValue& list = top();
    if (list.kind != Kind::list) fail("the pickle is damaged");
    list.items.insert(list.items.end(), items.begin(), items.end());
  }
  void set_items(std::span<PickleValue* const> items) {
    PickleValue& dict = top();
    if (dict.kind != Kind::dict || items.size() % 2 != 0) fail("the pickle is damaged");
    for (std::size_t i = 0; i < items.size(); i += 2)
      dict.entries.emplace_back(items[i], items[i + 1]);
  }

  void push_global(std::string name) {
    if (!find_global(name)) fail("refused: it asks for '" + shorten(name) + "'");
    push(Kind::global).text = std::move(name);
  }

  std::vector<std::int64_t> integers(const PickleValue& tuple) {
    if (tuple.kind != Kind::tuple || tuple.items.size() > 16) fail("a tensor is damaged");
    std::vector<std::int64_t> values;
    for (const PickleValue* item : tuple.items) {
      if (item->kind != Kind::integer || item->integer < 0) fail("a tensor is damaged");
      values.push_back(item->integer);
    }
    return values;
  }

  /// _rebuild_tensor_v2(storage, storage_offset, size, stride, requires_grad, backward_hooks)
  void rebuild_tensor(const std::vector<PickleValue*>& arguments) {
    if (arguments.size() < 4 || arguments[0]->kind != Kind::storage ||
        arguments[1]->kind != Kind::integer || arguments[1]->integer < 0) {
      fail("a tensor is damaged");
    }
    auto shape = integers(*arguments[2]);
    auto stride = integers(*arguments[3]);
    if (shape.size() != stride.size()) fail("a tensor is damaged");
    PickleValue& tensor = push(Kind::tensor);
    tensor.storage = arguments[0];
    tensor.offset = arguments[1]->integer;
    tensor.shape = std::move(shape);
    tensor.stride = std::move(stride);
  }

  // Opcodes, most of them under the names that Python's pickletools gives them
  void protocol() {
    if (number(1) > 5) fail("the pickle protocol is not known");
  }
  void frame() { take(8); }
  void mark() { marks_.push_back(stack_.size()); }
  void stop() { pickle_.root = &pop(); }
  void drop() { pop(); }

  template <Kind kind>
  void empty() {
    push(kind);
  }
  template <bool value>
  void boolean() {
    push(Kind::boolean).integer = value;
  }
  template <class Integer>
  void integer() {
    const auto value = static_cast<Integer>(number(sizeof(Integer)));
    push(Kind::integer).integer = value;
  }
  /// Little-endian in two's complement, of as many bytes as the first one says.
  void long_integer() {
    const std::uint64_t size = number(1);
    if (size > 8) fail("an integer is too long");
    std::uint64_t value = number(static_cast<int>(size));
    const auto bits = 8 * size;
    if (bits > 0 && bits < 64 && (value >> (bits - 1)) & 1) value |= ~std::uint64_t{0} << bits;
    push(Kind::integer).integer = static_cast<std::int64_t>(value);
  }
  void real() {
    const std::string_view field = take(8);  // big-endian, alone among the opcodes
    std::uint64_t bits = 0;
    for (const char c : field) bits = (bits << 8) | static_cast<unsigned char>(c);
    push(Kind::real).real = std::bit_cast<double>(bits);
  }
  /// @tparam size bytes of the length before it.
  template <Kind kind, int size>
  void text() {
    const std::string_view text = take(number(size));
    push(kind).text = text;
  }

  template <std::size_t size>
  void tuple() {
    std::vector<PickleValue*> items(size);
    for (std::size_t i = size; i-- > 0;) items[i] = &pop();
    push(Kind::tuple).items = std::move(items);
  }
  /// A tuple or list of what was pushed since the mark.
  template <Kind kind>
  void collect() {
    auto items = pop_to_mark();
    push(kind).items = std::move(items);
  }
  void append_one() {
    PickleValue* item = &pop();
    append({&item, 1});
  }
  void append_marked() { append(pop_to_mark()); }
  void dict() {
    const auto items = pop_to_mark();
    push(Kind::dict);
    set_items(items);
  }
  void set_one() {
    PickleValue* pair[2];
    pair[1] = &pop();
    pair[0] = &pop();
    set_items(pair);
  }
  void set_marked() { set_items(pop_to_mark()); }

  /// @tparam size bytes of the key.
  template <int size>
  void put() {
    memo_[number(size)] = &top();
  }
  void memoize() { memo_[memo_.size()] = &top(); }
  template <int size>
  void get() {
    const auto it = memo_.find(number(size));
    if (it == memo_.end()) fail("the pickle is damaged");
    stack_.push_back(it->second);
  }

  void global() {
    const std::string module(line());
    push_global(module + " " + std::string(line()));
  }
  void stack_global() {
    const PickleValue& name = pop();
    const PickleValue& module = pop();
    if (name.kind != Kind::text || module.kind != Kind::text) fail("the pickle is damaged");
    push_global(module.text + " " + name.text);
  }
  void reduce() {
    const PickleValue& arguments = pop();
    const PickleValue& callable = pop();
    if (callable.kind != Kind::global || arguments.kind != Kind::tuple)
      fail("refused: it calls something");
    switch (*find_global(callable.text)) {
      case Global::ordered_dict:
        if (!arguments.items.empty()) fail("refused: an OrderedDict with arguments");
        push(Kind::dict);
        return;
      case Global::rebuild_tensor:
        return rebuild_tensor(arguments.items);
      case Global::rebuild_parameter:
        if (arguments.items.empty() || arguments.items[0]->kind != Kind::tensor)
          fail("a parameter is damaged");
        stack_.push_back(arguments.items[0]);
        return;
      case Global::opaque:
        push(Kind::opaque);
        return;
      case Global::storage:
        fail("refused: it calls a storage");
    }
  }

  /// Attributes that torch hangs on state dicts (_metadata) and NumPy on dtypes: read, and dropped.
  void build() {
    pop();
    const Kind kind = top().kind;
    if (kind != Kind::opaque && kind != Kind::dict) fail("refused: it sets the state of an object");
  }

  /// ('storage', type, key, location, number of elements)
  void persistent_id() {
    const PickleValue& id = pop();
    if (id.kind != Kind::tuple || id.items.size() != 5 || id.items[0]->text != "storage" ||
        id.items[1]->kind != Kind::global || find_global(id.items[1]->text) != Global::storage ||
        id.items[2]->kind != Kind::text || id.items[2]->text.size() > kMaxStorageKey) {
      fail("a storage is damaged");
    }
    PickleValue& storage = push(Kind::storage);
    storage.text = id.items[2]->text;
    storage.storage_type = id.items[1]->text.substr(sizeof("torch"));
  }

  std::span<const std::byte> bytes_;
  std::string_view subject_;
  std::size_t at_ = 0;
  Pickle pickle_;
  std::vector<PickleValue*> stack_;
  std::vector<std::size_t> marks_;
  std::unordered_map<std::uint64_t, PickleValue*> memo_;
};

constexpr Machine::Actions Machine::make_actions() {
  Actions actions{};
  actions[0x80] = &Machine::protocol;
  actions[0x95] = &Machine::frame;
  actions['('] = &Machine::mark;
  actions['.'] = &Machine::stop;
  actions['0'] = &Machine::drop;  // POP
  actions['N'] = &Machine::empty<Kind::none>;
  actions[0x88] = &Machine::boolean<true>;
  actions[0x89] = &Machine::boolean<false>;
  actions['J'] = &Machine::integer<std::int32_t>;   // BININT
  actions['K'] = &Machine::integer<std::uint8_t>;   // BININT1
  actions['M'] = &Machine::integer<std::uint16_t>;  // BININT2
  actions[0x8a] = &Machine::long_integer;           // LONG1
  actions['G'] = &Machine::real;                    // BINFLOAT
  actions['X'] = &Machine::text<Kind::text, 4>;     // BINUNICODE
  actions[0x8c] = &Machine::text<Kind::text, 1>;    // SHORT_BINUNICODE
  actions[0x8d] = &Machine::text<Kind::text, 8>;    // BINUNICODE8
  actions['B'] = &Machine::text<Kind::bytes, 4>;    // BINBYTES
  actions['C'] = &Machine::text<Kind::bytes, 1>;    // SHORT_BINBYTES
  actions[')'] = &Machine::empty<Kind::tuple>;
  actions[0x85] = &Machine::tuple<1>;
  actions[0x86] = &Machine::tuple<2>;
  actions[0x87] = &Machine::tuple<3>;
  actions['t'] = &Machine::collect<Kind::tuple>;
  actions[']'] = &Machine::empty<Kind::list>;
  actions['l'] = &Machine::collect<Kind::list>;
  actions['a'] = &Machine::append_one;
  actions['e'] = &Machine::append_marked;
  actions['}'] = &Machine::empty<Kind::dict>;
  actions['d'] = &Machine::dict;
  actions['s'] = &Machine::set_one;
  actions['u'] = &Machine::set_marked;
  actions['q'] = &Machine::put<1>;  // BINPUT
  actions['r'] = &Machine::put<4>;  // LONG_BINPUT
  actions[0x94] = &Machine::memoize;
  actions['h'] = &Machine::get<1>;  // BINGET
  actions['j'] = &Machine::get<4>;  // LONG_BINGET
  actions['c'] = &Machine::global;
  actions[0x93] = &Machine::stack_global;
  actions['R'] = &Machine::reduce;
  actions['b'] = &Machine::build;
  actions['Q'] = &Machine::persistent_id;
  return actions;
}

constinit const Machine::Actions Machine::kActions = make_actions();

}  // namespace

Pickle read_pickle(std::span<const std::byte> bytes, std::string_view subject) {
  return Machine(bytes, subject).run();
}

}  // namespace claptools
