"""The programme, one folder a stage, in its order.

preparation, problems, readiness, targets, analysis, innovations, roadmap, quick_wins, masterplan.
"""
