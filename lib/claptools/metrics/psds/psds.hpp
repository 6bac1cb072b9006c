#pragma once

#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "claptools/metrics/psds/intersection.hpp"
#include "claptools/metrics/psds/psd_roc.hpp"

namespace claptools {

/// Of a polyphonic sound detection score.
struct PsdsParameters {
  IntersectionCriteria criteria;
  double alpha_ct = 0;                   ///< weight of cross-triggers
  double alpha_st = 0;                   ///< weight of the deviation over classes
  std::optional<double> max_efpr = 100;  ///< per hour; none: the largest reached
};

using NamedPsds = std::pair<std::string, PsdsParameters>;

/// The scores that are computed unless others are asked for: `psds1` and `psds2` (official
/// MGA-CLAP protocol, DCASE 2021-23 scenarios 1 and 2), `psds_dtc05_ct0_st0`, `psds_dtc05_ct1_st0`.
std::vector<NamedPsds> default_psds();

/// What a PsdsCounter collects besides the points of the highest TPR.
struct PsdsExtras {
  bool all_points = false;          ///< every operating point up to max_efpr
  std::optional<double> threshold;  ///< the operating point at this one
};

/// Collects the operating points of one class that its PSD-ROC depends on.
class PsdsCounter : public IntersectionCounter {
 public:
  PsdsCounter(const GroundTruth& truth, std::size_t c, const PsdsParameters& parameters,
              const PsdsExtras& extras = {});

  void reach(double score) override;

  PsdPoints points() const;                             ///< for PsdTpr::highest
  const PsdPoints& all_points() const { return all_; }  ///< for PsdTpr::own
  PsdPoints at_threshold() const { return {at_threshold_}; }

 private:
  double efpr() const;
  double tpr(std::size_t true_positives) const;

  PsdsParameters parameters_;
  PsdsExtras extras_;
  double total_s_ = 0;                 // of the clips
  std::vector<double> class_seconds_;  // of each class's events
  std::vector<double> least_efpr_;     // for each number of true positives
  double largest_efpr_ = 0;
  PsdPoints all_;
  PsdPoint at_threshold_;
};

}  // namespace claptools
