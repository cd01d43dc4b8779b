package org.medficientsam.segmenter.volume;

import java.util.Optional;
import org.medficientsam.segmenter.bundle.PropagationParameters;

/** By which rule the objects of a volume are followed: each {@link BoxPropagation} names its own, {@code Rules} say which is used. */
public interface PropagationRule {
    /** Whether it belongs to a bundle's weights: it needs the bundle's parameters, and uses its propagator. */
    default boolean isFitted() {
        return false;
    }

    /**
     * The rule at work.
     *
     * @param parameters the bundle's
     * @throws java.util.NoSuchElementException if it {@link #isFitted()} and there are none
     */
    BoxPropagation with(Optional<PropagationParameters> parameters);
}
