#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "claptools/core/random.hpp"

namespace claptools {

/// What is changed at random in a clip before it is trained with. Everything is off by default.
struct AugmentOptions {
  double speed = 0;        ///< played faster or slower by up to this share, pitch included; <= 0.5
  double mix = 0;          ///< chance that a clip of the same label is mixed in
  double mix_share = 0.5;  ///< its largest share, at equal loudness
  double shelf_db = 0;     ///< bass or treble raised or lowered by up to this
  double gain_db = 0;      ///< louder or softer by up to this
  double shift_s = 0;      ///< moved in time by up to this
  bool circular = false;   ///< what is shifted out comes in again at the other end; else zeros
  bool polarity = false;   ///< half of the clips upside down
  double noise = 0;        ///< chance of noise, white or pink, over the whole row
  double noise_snr_db_min = 10, noise_snr_db_max = 40;
  double place = 0;  ///< chance that a clip shorter than its row begins anywhere in it; else at 0
};

/// @throws Error{usage} naming the option that is out of its range.
void check(const AugmentOptions& options);

/// The clip times 10^(gain_db / 20).
void apply_gain(std::span<float> clip, double gain_db);

/// Later by `samples` (earlier if negative), at most its length.
void shift_time(std::span<float> clip, std::ptrdiff_t samples, bool circular);

enum class NoiseColour { white, pink };  ///< pink: power falls as 1 / frequency

/// Adds noise whose power is exactly `snr_db` below the clip's; a silent clip stays so.
void add_noise(std::span<float> clip, NoiseColour colour, double snr_db, Random& random);

/// clip * (1 - share) + other * share, `other` brought to the clip's power first (over the samples
/// of each); what `other` lacks in length is zeros. With silence on either side nothing is mixed.
void mix_in(std::span<float> clip, std::span<const float> other, double share);

/// Played at `percent` of its speed: ceil(100 n / percent) samples.
std::vector<float> change_speed(std::span<const float> clip, int percent);

enum class Shelf { low, high };

/// Second-order shelving filter of slope 1: `gain_db` at 0 Hz (low) or at half the sample rate
/// (high), half of it at the corner, none at the other end.
/// Source: R. Bristow-Johnson, Audio EQ Cookbook.
void apply_shelf(std::span<float> clip, Shelf shelf, double corner_hz, double gain_db,
                 int sample_rate);

/// Applies what concerns the clip alone: all but mix, speed, place and noise.
void augment(std::span<float> clip, const AugmentOptions& options, int sample_rate, Random& random);

/// The noise that `options` ask for, on a row with its clip in place.
void add_random_noise(std::span<float> row, const AugmentOptions& options, Random& random);

}  // namespace claptools
