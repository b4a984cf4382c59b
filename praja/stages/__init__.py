"""The programme, one folder a stage, in its order: preparation, problems, analysis, innovations, masterplan."""
