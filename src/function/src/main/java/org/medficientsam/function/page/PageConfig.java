package org.medficientsam.function.page;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** Settings of the page. */
@ConfigMapping(prefix = "medficientsam.page")
interface PageConfig {
    /** Whether {@code /} is the page. On Lambda it isn't, as the images it works on are kept nowhere there. */
    @WithDefault("true")
    boolean enabled();
}
