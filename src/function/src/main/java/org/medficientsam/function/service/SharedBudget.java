package org.medficientsam.function.service;

import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import org.medficientsam.function.admission.AdmissionControl;
import org.medficientsam.function.admission.CaseTimeEstimate;

/** Makes from the settings what all requests share. */
class SharedBudget {
    @Produces
    @Singleton
    AdmissionControl admission(FunctionConfig config) {
        return new AdmissionControl(config.concurrency(), config.queue(), config.memoryBytes());
    }

    @Produces
    @Singleton
    CaseTimeEstimate estimate(FunctionConfig config) {
        return new CaseTimeEstimate(config.workers());
    }
}
