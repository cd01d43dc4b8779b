package org.medficientsam.segmenter.volume;

import java.util.Optional;
import org.medficientsam.segmenter.bundle.PropagationParameters;

/** By which rule the objects of a volume are followed. */
public enum PropagationRule {
    /** The mask's bounding box, no margin: the original project's C++ program. */
    MASK_BOX {
        @Override
        public BoxPropagation with(Optional<PropagationParameters> parameters) {
            return new MaskBox();
        }
    },
    /** The mask averaged down, boxed and grown by three pixels: LiteMedSAM's script. */
    LABEL_AREA_BOX {
        @Override
        public BoxPropagation with(Optional<PropagationParameters> parameters) {
            return new LabelAreaBox(3);
        }
    },
    /** Held by what the prompt already says, so that it does not drift; with the bundle's propagator, where it has one. */
    STEADY {
        @Override
        public boolean isFitted() {
            return true;
        }

        @Override
        public BoxPropagation with(Optional<PropagationParameters> parameters) {
            return new SteadyBox(parameters.orElseThrow());
        }
    };

    /** Whether it belongs to a bundle's weights: it needs the bundle's parameters, and uses its propagator. */
    public boolean isFitted() {
        return false;
    }

    /**
     * The rule at work.
     *
     * @param parameters the bundle's
     * @throws java.util.NoSuchElementException if it {@link #isFitted()} and there are none
     */
    public abstract BoxPropagation with(Optional<PropagationParameters> parameters);
}
