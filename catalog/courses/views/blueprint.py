from flask import Blueprint

from catalog.courses.wording import meeting_name, meeting_said, work_said

pages = Blueprint("courses", __name__)

# A meeting is said in one way on every page, whether people come to it or it is work of their own.
pages.add_app_template_filter(meeting_said)
pages.add_app_template_filter(meeting_name)
pages.add_app_template_filter(work_said)
