package org.medficientsam.eval;

import java.util.List;

/** Draws synthetic cases of one modality. */
interface Phantom {

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
