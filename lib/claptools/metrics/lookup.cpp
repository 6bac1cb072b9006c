#include "claptools/metrics/lookup.hpp"

#include <algorithm>
#include <array>

#include "claptools/core/error.hpp"
#include "claptools/core/strings/ascii.hpp"
#include "claptools/core/strings/escape.hpp"

namespace claptools {
namespace {

constexpr auto kSeveral = static_cast<std::size_t>(-1);  // in an index of stems
constexpr std::size_t kShown = 40;                       // bytes of a name in a message

/// Small letters, blanks for underscores: what people spell in two ways.
std::string folded(std::string_view name) {
  std::string plain = ascii_lower(name);
  std::ranges::replace(plain, '_', ' ');
  return plain;
}

}  // namespace

std::string_view NameMatching::reduced(std::string_view name) const {
  if (basenames) name.remove_prefix(name.rfind('/') + 1);  // npos + 1 is 0
  return stems ? without_extension(name) : name;
}

Lookup::Lookup(std::span<const std::string> names, std::string_view subject, const NameKind& kind,
               NameMatching how)
    : names_(names), subject_(subject), kind_(kind), how_(how) {
  index_.reserve(names.size());
  for (std::size_t i = 0; i < names.size(); ++i) {
    const auto [at, is_new] = index_.emplace(how_.reduced(names[i]), i);
    const std::string& other = names[at->second];
    if (!is_new && other == names[i]) {
      throw Error(Fault::data, subject, std::string(kind.one) + " '" + names[i] + "' occurs twice");
    }
    if (!is_new) {
      throw Error(Fault::data, subject,
                  quote_name(other) + " and " + quote_name(names[i]) +
                      " cannot be told apart by '" + std::string(at->first) + "'");
    }
    if (names[i].find('\\') == std::string::npos) continue;
    std::string original = unescape_tsv(names[i]);
    if (original == names[i]) continue;
    originals_.push_back(std::move(original));
    unescaped_.emplace(how_.reduced(originals_.back()), i);
  }
}

/// A name as it is spelled among the keys of an index, and what it is escaped from.
std::optional<std::size_t> Lookup::find_in(const Index& index, std::string_view name) const {
  std::optional<std::size_t> found;
  const auto take = [&](const Index& in, std::string_view key) {
    const auto at = in.find(key);
    if (at == in.end() || found == at->second) return;
    if (found) {
      throw Error(Fault::data, subject_,
                  quote_name(name) + " may be " + quote_name(names_[*found]) + " or " +
                      quote_name(names_[at->second]) +
                      ": tables of these tools double a backslash");
    }
    found = at->second;
  };
  take(index, name);
  if (&index == &index_) take(unescaped_, name);
  if (name.find('\\') != std::string_view::npos) take(index, unescape_tsv(name));
  return found;
}

std::optional<std::size_t> Lookup::find(std::string_view name) const {
  return find_in(index_, name);
}

std::optional<std::size_t> Lookup::find_file(std::string_view name) const {
  name = how_.reduced(name);
  if (const auto found = find_in(index_, name)) return found;
  if (const auto found = find_in(index_, without_extension(name))) return found;
  return find_by_stem(name);
}

std::optional<std::size_t> Lookup::find_by_stem(std::string_view name) const {
  if (!stems_) {
    stems_.emplace();
    for (const auto& [key, i] : index_) {
      const auto [at, is_new] = stems_->emplace(without_extension(key), i);
      if (!is_new) at->second = kSeveral;
    }
  }
  auto found = stems_->find(name);
  if (found == stems_->end()) found = stems_->find(unescape_tsv(name));
  if (found == stems_->end()) return std::nullopt;
  if (found->second == kSeveral) {
    throw Error(Fault::data, subject_,
                std::string(kind_.one) + " " + quote_name(name) + " may be several of " +
                    kind_.known + ": give its extension");
  }
  return found->second;
}

std::string Lookup::describe(std::span<const std::string> absent, std::size_t of_all) const {
  std::string text = absent.size() == 1
                         ? std::string(kind_.one) + " " + quote_name(absent[0]) + " is"
                         : std::to_string(absent.size()) + " of " + std::to_string(of_all) + " " +
                               kind_.many + ", such as " + quote_name(absent[0]) + ", are";
  text += std::string(" not among ") + kind_.known;
  if (!names_.empty()) text += ", such as " + quote_name(names_[0]);
  return text + hint(absent);
}

std::string Lookup::hint(std::span<const std::string> absent) const {
  struct Way {
    NameMatching how;
    const char* text;
  };
  constexpr std::array<Way, 3> kWays{
      {{{true, false}, "; base names match: use `basenames`"},
       {{false, true}, "; names without extension match: use `stems`"},
       {{true, true}, "; base names without extension match: use `basenames` and `stems`"}}};
  for (const auto& [how, text] : kWays) {
    if (!kind_.is_file) break;
    std::unordered_map<std::string_view, std::size_t> reduced;
    for (const std::string& name : names_) ++reduced[how.reduced(name)];
    const bool helps = std::ranges::any_of(absent, [&, how = how](const std::string& name) {
      return reduced.contains(how.reduced(name));
    });
    if (helps) return text;
  }
  std::unordered_map<std::string, std::string_view> plain;
  for (const std::string& name : absent) plain.emplace(folded(name), name);
  for (const std::string& name : names_) {
    const auto alike = plain.find(folded(name));
    if (alike == plain.end()) continue;
    return "; " + quote_name(alike->second) + " is spelled " + quote_name(name) + " there";
  }
  return {};
}

std::string_view without_extension(std::string_view filename) {
  const std::size_t mark = filename.find_last_of("./");
  if (mark == std::string_view::npos || filename[mark] == '/' || mark == 0) return filename;
  return filename.substr(0, mark);
}

std::string quote_name(std::string_view name) {
  if (name.size() <= kShown) return "'" + std::string(name) + "'";
  std::size_t first = name.size() - kShown + 3;
  while (first < name.size() && (name[first] & 0xC0) == 0x80) ++first;  // not inside a character
  return "'..." + std::string(name.substr(first)) + "'";
}

}  // namespace claptools
