package org.medficientsam.eval.phantom;

import java.util.List;
import org.medficientsam.eval.Modality;
import org.medficientsam.eval.SplitRandom;

/** Draws synthetic cases of one modality. */
public interface Phantom {

    /** One per modality of the challenge, in the order of the published table. */
    List<Phantom> ALL = List.of(
            new CtPhantom(),
            new MrPhantom(),
            new PetPhantom(),
            new UltrasoundPhantom(),
            new XrayPhantom(),
            new DermoscopyPhantom(),
            new EndoscopyPhantom(),
            new FundusPhantom(),
            new MicroscopyPhantom());

    Modality modality();

    /** A new case; all its chance comes from {@code random}. */
    Scene draw(SplitRandom random);
}
