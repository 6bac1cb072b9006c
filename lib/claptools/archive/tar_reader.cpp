#include "claptools/archive/tar_reader.hpp"

#include <algorithm>
#include <utility>

#include "claptools/core/error.hpp"
#include "claptools/core/random.hpp"

namespace claptools {
namespace {

/// What a member takes in memory besides its content, about: without it empty members were free.
std::uint64_t overhead(const TarEntry& entry) { return 512 + 2 * entry.name.size(); }

}  // namespace

bool is_tar_name(std::string_view path) {
  const std::string_view name = path.substr(path.rfind('/') + 1);
  return name.ends_with(".tar") || name.ends_with(".tgz") ||
         (name.find(".tar.") != std::string_view::npos && name.rfind(".tar.") + 9 >= name.size());
}

TarReader::TarReader(std::string path, ByExtension wanted, const TarLimits& limits, Log log,
                     ByExtension is_audio)
    : TarReader(std::make_unique<TarFile>(std::move(path)), std::move(wanted), limits,
                std::move(log), std::move(is_audio)) {}

TarReader::TarReader(std::unique_ptr<TarFile> file, ByExtension wanted, const TarLimits& limits,
                     Log log, ByExtension is_audio)
    : file_(std::move(file)),
      wanted_(std::move(wanted)),
      is_audio_(std::move(is_audio)),
      limits_(limits),
      log_(std::move(log)) {
  advance();
}

/// Moves entry_ to the next member that belongs to a sample; false at the end.
bool TarReader::advance() {
  while ((entry_ = file_->next())) {
    if (entry_->folder) continue;
    if (const auto name = split_name()) {
      name_ = *name;
      return true;
    }
    skip("has no key and extension");
  }
  return false;
}

/// A Mac adds a member "._NAME" of its own to each: those are no news.
void TarReader::skip(const std::string& reason) {
  constexpr std::size_t kMaxWarnings = 3;
  const std::string& name = entry_->name;
  const bool hidden = name.find("._", name.rfind('/') + 1) == name.rfind('/') + 1;
  const bool loud = !hidden && ++skipped_ <= kMaxWarnings;
  report(log_, loud ? LogLevel::warning : LogLevel::debug,
         file_->subject() + ": member '" + name + "' " + reason + ", skipped");
}

std::optional<TarReader::Name> TarReader::split_name() const {
  const std::string& name = entry_->name;
  const std::size_t base = name.rfind('/') + 1;  // 0 without a slash
  const std::size_t first = name.find('.', base);
  const std::size_t last = name.rfind('.');
  if (first == std::string::npos || first == base || last + 1 == name.size()) return std::nullopt;
  return Name{name.substr(0, first), name.substr(0, last), name.substr(last + 1)};
}

std::optional<TarSample> TarReader::next() {
  if (taken_ == group_.size()) read_group();
  if (group_.empty()) return std::nullopt;
  TarSample& sample = group_[taken_++];
  if (!keys_.insert(hash_text(sample.key)).second)
    fail("the members of key '" + sample.key + "' do not stand together");
  return std::move(sample);
}

/// The members that follow and agree up to their first dot.
void TarReader::read_group() {
  group_.clear();
  places_.clear();
  taken_ = 0;
  if (!entry_) return;
  const std::string group = name_.group;
  left_ = limits_.max_bytes;
  do {
    add_member(sample_of(name_.key));
  } while (advance() && name_.group == group);
  if (is_audio_) join_sides();
}

TarSample& TarReader::sample_of(const std::string& key) {
  const auto [at, is_new] = places_.emplace(key, group_.size());
  if (is_new) group_.push_back(TarSample{key, {}});
  return group_[at->second];
}

void TarReader::add_member(TarSample& sample) {
  const auto [at, is_new] = sample.members.try_emplace(name_.extension);
  if (!is_new) fail("member '" + entry_->name + "' occurs twice");
  TarMember& member = at->second;
  member.name = entry_->name;
  member.offset = entry_->offset;
  member.broken = entry_->broken;
  member.stamp = entry_->stamp;
  left_ -= std::min(left_, overhead(*entry_));
  if (left_ == 0) fail("key '" + sample.key + "' has too many members");
  if (!member.broken.empty() || (wanted_ && !wanted_(name_.extension))) return;
  if (limits_.passes_larger && entry_->size > left_) {
    member.broken = "has " + std::to_string(entry_->size) + " bytes, more than the " +
                    std::to_string(limits_.max_bytes) + " that are held of a key";
    return;
  }
  member.bytes = file_->read(left_);
  left_ -= member.bytes.size();
}

bool TarReader::has_audio(const TarSample& sample) const {
  return std::ranges::any_of(sample.members,
                             [&](const auto& member) { return is_audio_(member.first); });
}

/// Members without audio go to the audio that they belong to by its name.
void TarReader::join_sides() {
  for (TarSample& side : group_) {
    if (side.members.empty() || has_audio(side)) continue;
    if (TarSample* const audio = find_shorter(side.key))
      join(*audio, side);
    else
      take_longer(side);
  }
  std::erase_if(group_, [](const TarSample& sample) { return sample.members.empty(); });
}

/// The audio of which `key` is the longer name.
TarSample* TarReader::find_shorter(const std::string& key) {
  const std::size_t base = key.rfind('/') + 1;
  for (std::size_t dot = key.rfind('.'); dot != key.npos && dot > base;
       dot = key.rfind('.', dot - 1)) {
    const auto at = places_.find(key.substr(0, dot));
    if (at != places_.end() && has_audio(group_[at->second])) return &group_[at->second];
  }
  return nullptr;
}

/// Takes what has longer names, unless some of its audio has members of its own.
void TarReader::take_longer(TarSample& side) {
  const std::string begin = side.key + ".";
  const auto first = places_.lower_bound(begin);
  const auto last = std::find_if(
      first, places_.end(), [&](const auto& place) { return !place.first.starts_with(begin); });
  for (auto at = first; at != last; ++at) {
    const TarSample& sample = group_[at->second];
    const auto is_side = [&](const auto& member) { return !is_audio_(member.first); };
    if (has_audio(sample) && std::ranges::any_of(sample.members, is_side)) return;
  }
  for (auto at = first; at != last; ++at) join(side, group_[at->second]);
}

/// @param longer its key goes on where that of `sample` ends.
void TarReader::join(TarSample& sample, TarSample& longer) {
  const std::string infix = longer.key.substr(sample.key.size() + 1) + ".";
  for (auto& [extension, member] : longer.members)
    sample.members.try_emplace(infix + extension, std::move(member));
  longer.members.clear();
}

void TarReader::fail(const std::string& reason) const {
  throw Error(Fault::data, file_->subject(), reason);
}

std::vector<std::uint8_t> read_tar_member(const std::string& path, std::uint64_t offset,
                                          const std::string& name, const TarLimits& limits) {
  TarFile file(path, offset);
  const auto entry = file.next();
  if (!entry || entry->name != name || !entry->broken.empty())
    throw Error(Fault::data, path, "member '" + name + "' is no longer there");
  return file.read(limits.max_bytes);
}

}  // namespace claptools
