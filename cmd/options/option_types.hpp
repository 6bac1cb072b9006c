#pragma once

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "claptools/core/strings/number.hpp"
#include "claptools/core/strings/suggest.hpp"

namespace claptools::cmd {

template <class T>
void assign(T& value, auto number) {
  value = static_cast<T>(number);
}
template <class T>
void assign(std::optional<T>& value, auto number) {
  value = static_cast<T>(number);
}

/// An option that takes a number, read by read_number() instead of CLI11, which would take nan,
/// 0x10, " 5" and, for an unsigned one, -1.
/// @param range WholeRange or RealRange; a number of `value`'s type holds all of it.
template <class Value, class Range>
CLI::Option* add_number(CLI::App& app, const std::string& names, Value& value, const Range& range,
                        const std::string& text, const std::string& type) {
  using Number = std::conditional_t<std::is_same_v<Range, WholeRange>, std::uint64_t, double>;
  const auto take = [&value, range](const CLI::results_t& words) {
    Number number{};
    if (!read_number(words.front(), range, number).empty()) return false;
    assign(value, number);
    return true;
  };
  const auto check = [range](const std::string& word) {
    Number number{};
    return read_number(word, range, number);
  };
  return app.add_option(names, CLI::callback_t(take), text)->type_name(type)->check(check);
}

/// The check of an option that takes one of a few words.
inline CLI::Validator one_of(std::vector<std::string> words) {
  const auto check = [words = std::move(words)](const std::string& word) {
    return std::ranges::find(words, word) == words.end() ? not_one_of(word, words) : "";
  };
  return {check, ""};
}

/// The words of an option and what each stands for.
template <class T>
using Choices = std::vector<std::pair<std::string, T>>;

/// The words of values that tell their own names.
template <class T, class Value>
Choices<T> choices_of(std::initializer_list<Value> values) {
  Choices<T> choices;
  for (const Value value : values) choices.emplace_back(to_string(value), value);
  return choices;
}

/// An option that takes one of a few words and becomes what it stands for.
template <class T>
CLI::Option* add_choice(CLI::App& app, const std::string& names, T& value,
                        const Choices<std::type_identity_t<T>>& choices, const std::string& text,
                        const std::string& type) {
  std::vector<std::string> words;
  for (const auto& [word, meaning] : choices) words.push_back(word);
  const auto take = [&value, choices](const CLI::results_t& given) {
    for (const auto& [word, meaning] : choices)
      if (word == given.front()) value = meaning;
    return true;
  };
  return app.add_option(names, CLI::callback_t(take), text)->type_name(type)->check(one_of(words));
}

/// Up to a day; what is longer than that is a slip.
constexpr RealRange kSeconds{0, 86400, "s"};
constexpr RealRange kShare{0, 1};

}  // namespace claptools::cmd
