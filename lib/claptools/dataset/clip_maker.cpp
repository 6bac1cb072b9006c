#include "claptools/dataset/clip_maker.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "claptools/core/error.hpp"

namespace claptools {
namespace {

constexpr double kLongestClip_s = 300;  ///< no more of a clip is looked at, as in the official code

/// Clips known to be longer than so many windows are read no further than the crop needs.
constexpr std::size_t kWholeWindows = 2;

/// The `length` samples of `clip` from `start` on; its last ones if it ends before.
std::vector<float> crop(const std::vector<float>& clip, std::size_t start, std::size_t length) {
  const std::size_t count = std::min(length, clip.size());
  const auto first =
      clip.begin() + static_cast<std::ptrdiff_t>(std::min(start, clip.size() - count));
  return {first, first + static_cast<std::ptrdiff_t>(count)};
}

/// Zeros around the clip up to `length`.
std::vector<float> pad(std::vector<float> clip, std::size_t length, bool anywhere, Random& random) {
  clip.resize(std::min(clip.size(), length));
  const std::size_t room = length - clip.size();
  const std::size_t start = anywhere ? random.below(room + 1) : 0;
  clip.insert(clip.begin(), start, 0.0F);
  clip.resize(length);
  return clip;
}

}  // namespace

ClipMaker::ClipMaker(const TrainingSet& set, const LoaderOptions& options)
    : set_(set),
      options_(options),
      window_(samples_of(options.window_s)),
      cache_(options.cache_bytes) {
  check(options_.augment);
  if (options_.augment.mix == 0) return;
  for (std::uint32_t i = 0; i < set_.items.size(); ++i)
    if (!set_.items[i].label.empty()) labels_[set_.items[i].label].push_back(i);
}

std::size_t ClipMaker::samples_of(double duration_s) const {
  return static_cast<std::size_t>(
      std::ceil(std::min(duration_s, kLongestClip_s) * options_.sample_rate));
}

std::size_t ClipMaker::row_length(const BatchPlan::Batch& batch) const {
  if (options_.padding == Padding::window) return window_;
  std::size_t longest = 0;
  for (const std::uint32_t pair : batch) {
    const double duration_s = set_.items[set_.pairs[pair].item].duration_s;
    if (duration_s == 0) return window_;
    longest = std::max(longest, samples_of(duration_s));
  }
  return longest < options_.min_samples ? window_ : std::min(longest, window_);
}

TrainingRow ClipMaker::make(std::uint64_t epoch, std::uint32_t pair, std::size_t length) {
  TrainingRow row;
  for (std::size_t attempt = 0; attempt < set_.pairs.size(); ++attempt) {
    row.pair = static_cast<std::uint32_t>((pair + attempt) % set_.pairs.size());
    const std::uint32_t item = set_.pairs[row.pair].item;
    Random random(hash_seed({options_.seed, epoch, pair}));
    if (auto clip = make_clip(item, length, random, row)) {
      const bool anywhere = random.uniform() < options_.augment.place;
      row.samples = pad(std::move(*clip), length, anywhere, random);
      add_random_noise(row.samples, options_.augment, random);
      return row;
    }
  }
  throw Error(Fault::data, "training data",
              "no recording can be read; the first: " + failure(row.failed.front()));
}

std::optional<std::vector<float>> ClipMaker::make_clip(std::uint32_t item, std::size_t length,
                                                       Random& random, TrainingRow& row) {
  auto clip = read_crop(item, length, random, row);
  if (!clip) return std::nullopt;
  if (random.uniform() < options_.augment.mix) {
    const auto partner = draw_partner(item, random);
    const double share = random.uniform(0, options_.augment.mix_share);
    if (partner) {
      if (const auto other = read_crop(*partner, length, random, row)) mix_in(*clip, *other, share);
    }
  }
  augment(*clip, options_.augment, options_.sample_rate, random);
  return clip;
}

/// At most `length` samples from a random place, at a random speed.
std::optional<std::vector<float>> ClipMaker::read_crop(std::uint32_t item, std::size_t length,
                                                       Random& random, TrainingRow& row) {
  const int range = static_cast<int>(std::lround(100 * options_.augment.speed));
  const int percent =
      100 - range + static_cast<int>(random.below(static_cast<std::uint64_t>(2 * range + 1)));
  const std::size_t wanted = (length * static_cast<std::size_t>(percent) + 99) / 100;
  const double place = random.uniform();
  const auto start_in = [&](std::size_t total) {
    return static_cast<std::size_t>(place *
                                    static_cast<double>(total - std::min(total, wanted) + 1));
  };
  const std::size_t told = samples_of(set_.items[item].duration_s);
  const bool partly = told > kWholeWindows * window_;
  const std::size_t end = partly ? start_in(told) + wanted : samples_of(kLongestClip_s);
  const auto whole = read_clip(item, end, !partly, row);
  if (!whole) {
    row.failed.push_back(item);
    return std::nullopt;
  }
  auto clip = crop(*whole, start_in(partly ? told : whole->size()), wanted);
  return percent == 100 ? std::move(clip) : change_speed(clip, percent);
}

/// The beginning of an item's audio, or nothing if it cannot be read. What is read whole comes out
/// the same each time, so it need not be tried again; of others the damage may lie behind the crop.
ClipCache::Clip ClipMaker::read_clip(std::uint32_t item, std::size_t max_samples, bool whole,
                                     TrainingRow& row) {
  if (auto clip = cache_.find(item)) return clip;
  if (whole && has_failed(item)) return nullptr;
  const AudioSource& source = set_.items[item].audio;
  try {
    std::string warning;
    const auto clip = std::make_shared<const std::vector<float>>(
        decode_clip(source, options_.sample_rate, max_samples, &warning));
    if (!warning.empty()) {
      row.warned.push_back(item);
      note(warnings_, item, source.name() + ": " + warning);
    }
    if (whole) cache_.add(item, clip);
    return clip;
  } catch (const Error& e) {
    note(failures_, item, e.what());
    return nullptr;
  }
}

/// Another item of the same label.
std::optional<std::uint32_t> ClipMaker::draw_partner(std::uint32_t item, Random& random) const {
  const auto group = labels_.find(set_.items[item].label);
  if (group == labels_.end() || group->second.size() < 2) return std::nullopt;
  const auto& items = group->second;
  const std::size_t own =
      static_cast<std::size_t>(std::ranges::lower_bound(items, item) - items.begin());
  return items[(own + 1 + random.below(items.size() - 1)) % items.size()];
}

bool ClipMaker::has_failed(std::uint32_t item) const {
  const std::scoped_lock lock(mutex_);
  return failures_.contains(item);
}

void ClipMaker::note(std::map<std::uint32_t, std::string>& notes, std::uint32_t item,
                     const std::string& text) {
  const std::scoped_lock lock(mutex_);
  notes.emplace(item, text);
}

std::string ClipMaker::failure(std::uint32_t item) const {
  const std::scoped_lock lock(mutex_);
  return failures_.at(item);
}

std::string ClipMaker::warning(std::uint32_t item) const {
  const std::scoped_lock lock(mutex_);
  return warnings_.at(item);
}

}  // namespace claptools
